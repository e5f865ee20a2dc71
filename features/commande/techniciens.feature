# language: fr
Fonctionnalité: Les techniciens et leurs journées

  Poser une DATE, c'est bloquer un technicien ce jour-là ; il n'a qu'une journée par jour.

  @R-BOARD-06
  Règle: La DATE bloque le technicien ce jour-là pour cette installation

    Scénario: Karim est réservé pour la Boulangerie Morel
      Étant donné une commande en "En attente de planification"
      Quand Sonia réserve Karim le 14 avril à 9H30
      Alors il s'est passé:
        | RDV planifié (date : 14 avril, heure : 9H30, NOM TECH : Karim) |
        | Journée du 14 avril réservée pour Karim                       |

    Scénario: La DATE change, la journée suit
      Étant donné une commande en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, NOM TECH : Karim)"
      Quand Sonia note "RDV planifié (date : 15 avril)"
      Alors Karim est libre le 14 avril
      Et Karim est pris le 15 avril par "Boulangerie Morel"

    Scénario: La journée bloquée l'est pour les autres commandes
      Étant donné une commande en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, NOM TECH : Karim)"
      Et la commande "Garage Petit" en "En attente de planification"
      Quand Sonia réserve Karim le 14 avril pour "Garage Petit"
      Alors c'est refusé : "Karim est déjà pris ce jour-là par Boulangerie Morel"

    Scénario: Deux techniciens bloqués pour une grosse installation
      Étant donné une commande en "En attente de planification"
      Quand Sonia note "RDV planifié (date : 14 avril, NOM TECH : Karim / Moussa)"
      Alors Karim est pris le 14 avril par "Boulangerie Morel"
      Et Moussa est pris le 14 avril par "Boulangerie Morel"

    Scénario: Karim avait dit non, le redemander le réserve de nouveau
      Étant donné une commande en "Attente tech", RDV le 14 avril avec Karim
      Et Karim a noté "Technicien indisponible (motif : congés)"
      Quand Sonia passe la commande en "Attente tech"
      Alors Karim est pris le 14 avril par "Boulangerie Morel"

    Scénario: Un samedi se réserve, avec une alerte
      Étant donné une commande en "En attente de planification"
      Quand Sonia réserve Karim le 17 avril
      Alors une alerte dit : "DATE le 17 avril : samedi"

    Scénario: Un jour férié se réserve, avec une alerte
      Étant donné une commande en "En attente de planification"
      Quand Sonia réserve Karim le 6 mai
      Alors une alerte dit : "jour férié (Ascension)"

    Scénario: Un jour passé ne bloque personne
      Étant donné une commande en "En attente de planification"
      Quand Sonia réserve Karim le 1er mars
      Alors Karim est libre le 1er mars
      Et une alerte dit : "DATE passée (1er mars)"

  @R-BOARD-07
  Règle: Un technicien n'est pas réservé deux fois le même jour, sauf raison donnée

    Contexte:
      Étant donné la commande "Boulangerie Morel" en "Attente tech", RDV le 14 avril avec Karim
      Et la commande "Garage Petit" en "En attente de planification"

    Scénario: Karim est déjà pris ce jour-là
      Quand Sonia réserve Karim le 14 avril pour "Garage Petit"
      Alors c'est refusé : "Karim est déjà pris ce jour-là par Boulangerie Morel"

    Scénario: Karim est libre le lendemain
      Quand Sonia réserve Karim le 15 avril pour "Garage Petit"
      Alors Karim est pris le 15 avril par "Garage Petit"

    Scénario: L'écriture du nom n'y change rien
      Quand Sonia réserve KARIM le 14 avril pour "Garage Petit"
      Alors c'est refusé : "KARIM est déjà pris ce jour-là"

    Scénario: Karim est d'accord pour deux petites installations
      Quand Sonia réserve Karim le 14 avril pour "Garage Petit" : "deux installations courtes le même jour"
      Alors Karim est pris le 14 avril par "Boulangerie Morel et Garage Petit"
      Et une alerte sur "Boulangerie Morel" dit : "double réservation du technicien le 14 avril (aussi : Garage Petit)"

    Scénario: Un refus ne réserve rien
      Quand Sonia note sur "Garage Petit" "RDV planifié (date : 14 avril, NOM TECH : Moussa / Karim)"
      Alors c'est refusé : "Karim est déjà pris"
      Et Moussa est libre le 14 avril

    Plan du scénario: <ce qui s'est passé> rend sa journée à Karim
      Quand Sonia note sur "Boulangerie Morel" "<ce qui s'est passé>"
      Alors Karim est libre le 14 avril

      Exemples:
        | ce qui s'est passé                                |
        | Technicien indisponible (motif : congés)          |
        | Mise en Stand BY (motif : travaux)                |
        | RDV planifié (date : 20 avril)                    |
        | RDV planifié (date retirée : oui)                 |
        | Technicien affecté (NOM TECH : Moussa)            |
        | Technicien retiré                                 |

  @R-BOARD-07
  Règle: La réservation compte par demi-journées chez les partenaires qui le veulent

    Contexte:
      Étant donné le partenaire "Demi Jour", dont la marche à suivre est:
        | réservation | demi-journée |
      Et la commande "Boulangerie Morel" de Demi Jour en "Attente tech", RDV le 14 avril à 9H30 avec Karim

    Scénario: Le matin à la boulangerie, l'après-midi au garage
      Étant donné la commande "Garage Petit" de Demi Jour en "En attente de planification"
      Quand Sonia réserve Karim le 14 avril à 14H pour "Garage Petit"
      Alors Karim est pris le 14 avril par "Boulangerie Morel et Garage Petit"

    Scénario: Deux rendez-vous le même matin
      Étant donné la commande "Garage Petit" de Demi Jour en "En attente de planification"
      Quand Sonia réserve Karim le 14 avril à 11H pour "Garage Petit"
      Alors c'est refusé : "Karim est déjà pris ce jour-là par Boulangerie Morel"

  @R-BOARD-07
  Règle: Un technicien absent ne se réserve pas, et ses rendez-vous sont alertés

    Scénario: Karim tombe malade, la Boulangerie Morel est alertée
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Quand Sonia note "Karim absent le 14 avril : malade"
      Alors une alerte dit : "Karim est absent le 14 avril (malade) : reporter le RDV ou changer de technicien"

    Scénario: On ne le réserve plus ce jour-là
      Étant donné une commande en "En attente de planification"
      Et Sonia a noté "Karim absent le 14 avril : congés"
      Quand Sonia réserve Karim le 14 avril
      Alors c'est refusé : "Karim est absent ce jour-là (congés)"

  @R-BOARD-10
  Règle: TECH dit d'où vient le technicien, parmi trois origines

    Plan du scénario: <saisi> se lit <TECH>
      Étant donné une commande en "New"
      Quand Sonia note "RDV planifié (TECH : <saisi>)"
      Alors le tableau montre:
        | TECH   |
        | <TECH> |

      Exemples:
        | saisi          | TECH           |
        | Direct         | Direct         |
        | direct (à nous)| Direct         |
        | 5COM           | 5 com          |
        | 5 Com          | 5 com          |
        | occitech       | Occitech       |
        | Direct + 5 com | Direct + 5 com |

    Scénario: Une autre origine n'existe pas
      Étant donné une commande en "New"
      Quand Sonia note "RDV planifié (TECH : Intérim)"
      Alors c'est refusé : "« Intérim » n'est pas une origine de technicien (TECH) ; au choix : Direct, 5 com, Occitech"

  @R-BOARD-11
  Règle: NOM TECH est le technicien sur place ; un technicien Direct se nomme avant de confirmer

    Scénario: Un technicien Direct sans nom ne confirme pas le rendez-vous
      Étant donné une commande en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 9H30, TECH : Direct, NOM CP : Inès)"
      Et Sonia a noté "Technicien confirmé"
      Quand Sonia passe la commande en "Installation (RDV posé)"
      Alors c'est refusé : "le NOM TECH manque : un technicien Direct se nomme avant de confirmer"

    Scénario: 5COM nomme le sien en confirmant
      Étant donné une commande en "Att 5COM", RDV le 14 avril (5 com)
      Quand Sonia note "Technicien confirmé (NOM TECH : Yanis)"
      Alors la commande est en "Installation (RDV posé)"
      Et Yanis est pris le 14 avril par "Boulangerie Morel"

    Scénario: 5COM le nommera plus tard, une alerte le rappelle deux jours avant
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril (5 com)
      Quand Sonia lit le tableau le 12 avril
      Alors une alerte dit : "NOM TECH manquant"

    Scénario: Trois jours avant, il est encore temps
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril (5 com)
      Quand Sonia lit le tableau le 11 avril
      Alors aucune alerte ne dit : "NOM TECH manquant"

    Scénario: Un autre technicien, et il faut son accord à lui
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Quand Sonia note "Technicien affecté (NOM TECH : Moussa)"
      Alors une alerte dit : "disponibilité du technicien à reconfirmer pour ce RDV"
      Et Karim est libre le 14 avril
      Et Moussa est pris le 14 avril par "Boulangerie Morel"

  @R-BOARD-12
  Règle: NOM CP est le chef de projet qui installe à distance ; il en faut un

    Scénario: Sans chef de projet, pas de rendez-vous
      Étant donné une commande en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 9H30, TECH : Direct, NOM TECH : Karim)"
      Et Karim a noté "Technicien confirmé"
      Quand Sonia passe la commande en "Installation (RDV posé)"
      Alors c'est refusé : "le NOM CP manque : l'installation se fait avec un chef de projet"

    Scénario: Inès s'en charge
      Étant donné une commande en "Attente tech", RDV le 14 avril avec Karim
      Et Sonia a noté "RDV planifié (NOM CP : Léa)"
      Et Inès a noté "Chef de projet affecté (NOM CP : Inès)"
      Quand Karim note "Technicien confirmé"
      Alors le tableau montre:
        | NOM CP | STATUT       |
        | Inès   | Installation |

    Scénario: Inès a deux installations à la même heure
      Étant donné la commande "Boulangerie Morel" en "Installation (RDV posé)", RDV le 14 avril à 9H30 avec Karim
      Et la commande "Garage Petit" en "Installation (RDV posé)", RDV le 14 avril à 9H30 avec Moussa
      Quand Sonia lit le tableau
      Alors une alerte sur "Garage Petit" dit : "le chef de projet a deux installations le 14 avril à 09:30 (aussi : Boulangerie Morel)"

  @R-BOARD-29
  Règle: Att 5COM pour les techniciens de 5COM, Attente tech pour les autres

    Plan du scénario: On demande un technicien <TECH>
      Étant donné une commande en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 14H, TECH : <TECH>)"
      Quand Sonia note "Technicien demandé"
      Alors la commande est en "<statut>"

      Exemples:
        | TECH     | statut       |
        | Direct   | Attente tech |
        | Occitech | Attente tech |
        | 5 com    | Att 5COM     |

    Scénario: 5COM n'a personne, on demande à Occitech
      Étant donné une commande en "Att 5COM", RDV le 14 avril (5 com)
      Quand Sonia note "Origine du technicien changée (TECH : Occitech)"
      Alors la commande est en "Attente tech"
      Et la commande attend "technicien (Occitech)"

    Scénario: Changer pour la même origine n'est pas changer
      Étant donné une commande en "Att 5COM", RDV le 14 avril (5 com)
      Quand Sonia note "Origine du technicien changée (TECH : 5 com)"
      Alors c'est refusé : "c'est déjà l'origine demandée"
