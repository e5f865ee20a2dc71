# language: fr
Fonctionnalité: L'histoire d'une commande

  @R-BOARD-38
  Règle: Tout ce qui arrive à une commande reste dans son histoire, avec qui et quand

    Scénario: Lire qui a fait quoi
      Étant donné l'histoire de la commande "Boulangerie Morel":
        | le     | qui       | ce qui s'est passé                          |
        | 2 mars | Sonia     | Commande reçue de HIGHCOM pour 3 téléphones |
        | 4 mars | l'atelier | Staging démarré                             |
        | 8 mars | l'atelier | Staging terminé                             |
      Quand Sonia lit l'histoire
      Alors l'histoire montre:
        | le     | qui       | ce qui s'est passé                          | STATUT                      |
        | 2 mars | Sonia     | Commande reçue de HIGHCOM pour 3 téléphones | New                         |
        | 4 mars | l'atelier | Staging démarré                             | Staging                     |
        | 8 mars | l'atelier | Staging terminé                             | En attente de planification |

    Plan du scénario: La commande relue au <jour>
      Étant donné l'histoire de la commande "Boulangerie Morel":
        | le     | ce qui s'est passé                          |
        | 2 mars | Commande reçue de HIGHCOM pour 3 téléphones |
        | 4 mars | Staging démarré                             |
        | 8 mars | Staging terminé                             |
      Quand Sonia relit la commande au <jour>
      Alors elle la voit en "<statut>"

      Exemples:
        | jour    | statut                      |
        | 1er mars | (absente)                  |
        | 3 mars  | New                         |
        | 4 mars  | Staging                     |
        | 31 mars | En attente de planification |

    Plan du scénario: Le tableau du <jour> montrait ce qu'on savait ce jour-là
      Étant donné l'histoire de la commande "Boulangerie Morel":
        | le     | ce qui s'est passé                          |
        | 2 mars | Commande reçue de HIGHCOM pour 3 téléphones |
      Et nous sommes le 9 mars
      Et Sonia a noté, pour le 4 mars, "Staging démarré"
      Quand Sonia relit ce que montrait le tableau du <jour>
      Alors elle la voit en "<statut>"

      Exemples:
        | jour   | statut  |
        | 4 mars | New     |
        | 9 mars | Staging |

    Scénario: Saisi en retard, daté du jour où c'est arrivé
      Étant donné l'histoire de la commande "Boulangerie Morel":
        | le     | ce qui s'est passé                          |
        | 2 mars | Commande reçue de HIGHCOM pour 3 téléphones |
        | 4 mars | Staging démarré                             |
      Et nous sommes le 9 mars
      Quand Sonia apprend aujourd'hui ce qui s'est passé le 5 mars : "Matériel envoyé"
      Alors l'histoire montre:
        | le     | ce qui s'est passé                          | saisi le |
        | 2 mars | Commande reçue de HIGHCOM pour 3 téléphones |          |
        | 4 mars | Staging démarré                             |          |
        | 5 mars | Matériel envoyé                             | 9 mars   |

    Scénario: Un statut ne change pas avant le précédent
      Étant donné l'histoire de la commande "Boulangerie Morel":
        | le      | ce qui s'est passé                          |
        | 2 mars  | Commande reçue de HIGHCOM pour 3 téléphones |
        | 10 mars | Staging démarré                             |
      Quand Sonia apprend aujourd'hui ce qui s'est passé le 5 mars : "Staging terminé"
      Alors c'est refusé : "le statut a changé le 10 mars"

  @R-BOARD-38
  Règle: Une erreur de saisie se corrige, avec son motif, et la correction reste marquée

    Scénario: La commande n'était pas annulée
      Étant donné une commande en "Annuler"
      Quand Sonia note "CORRECTION : statut mis à "Staging" (motif : erreur de saisie)"
      Alors il s'est passé:
        | CORRECTION : statut mis à « Staging » (motif : erreur de saisie) |
        | Statut : Staging                                                |

    Scénario: Remettre le rendez-vous réserve de nouveau Karim
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Et Sonia a noté "Mise en Stand BY (motif : erreur)"
      Quand Sonia note "CORRECTION : statut mis à "Installation (RDV posé)" (motif : erreur de saisie)"
      Alors Karim est pris le 14 avril par "Boulangerie Morel"

    Scénario: Retirer le rendez-vous libère Karim
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Quand Sonia note "CORRECTION : statut mis à "Annuler" (motif : erreur de saisie)"
      Alors Karim est libre le 14 avril

    Scénario: La correction dit ce qui est attendu ensuite
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Quand Sonia note "CORRECTION : statut mis à "Attente Parte" (motif : erreur de saisie)"
      Alors la commande attend "partenaire (HIGHCOM)"

    Scénario: Corriger vers le statut qu'elle a déjà ne corrige rien
      Étant donné une commande en "Staging"
      Quand Sonia note "CORRECTION : statut mis à "Staging" (motif : erreur de saisie)"
      Alors c'est refusé : "le statut est déjà « Staging »"

    Scénario: Un rendez-vous remis par correction sans jour se voit
      Étant donné une commande en "Annuler"
      Quand Sonia note "CORRECTION : statut mis à "Installation (RDV posé)" (motif : erreur de saisie)"
      Alors une alerte dit : "RDV posé sans DATE"

    Scénario: Pas de correction sans motif
      Étant donné une commande en "Annuler"
      Quand Sonia note "CORRECTION : statut mis à "Staging""
      Alors c'est refusé : "est obligatoire"

    Scénario: Karim ne corrige pas les statuts
      Étant donné une commande en "Annuler"
      Quand Karim note "CORRECTION : statut mis à "Staging" (motif : erreur de saisie)"
      Alors c'est refusé : "réservé aux rôles : planner"

  @R-BOARD-39
  Règle: Une étape finie ou une réponse reçue se note quel que soit le statut affiché

    Scénario: L'opérateur confirme pendant le Stand BY
      Étant donné une commande en "Att porta"
      Et Sonia a noté "Mise en Stand BY (motif : travaux chez le client)"
      Quand l'opérateur confirme la portabilité pour le 14 avril
      Alors la commande est en "Stand BY"
      Et la commande n'attend plus rien

    Plan du scénario: <réponse> pendant la portabilité
      Étant donné une commande en "Att porta"
      Quand Sonia note "<réponse>"
      Alors la commande est en "Att porta"

      Exemples:
        | réponse                                     |
        | Collecte terminée                           |
        | Staging terminé                             |
        | Technicien confirmé                         |
        | Technicien indisponible (motif : congés)    |
        | Partenaire : confirmé                       |
        | Partenaire : refusé (motif : pas avant mai) |
        | Portabilité reportée                        |
        | Portabilité refusée (motif : RIO faux)      |

    Scénario: Le partenaire répond avant le technicien
      Étant donné une commande de VIP TELECOM en "Attente tech", RDV le 14 avril avec Karim
      Et le partenaire a noté "Partenaire : confirmé (confirmé par : Mme Roux)"
      Quand Karim note "Technicien confirmé"
      Alors la commande est en "Installation (RDV posé)"

    Scénario: Deux attentes, STATUT montre l'autre quand l'une finit
      Étant donné une commande en "Attente tech", RDV le 14 avril avec Karim
      Et Sonia a noté "Partenaire attendu (motif : accord sur la date)"
      Quand le partenaire note "Partenaire : confirmé"
      Alors la commande est en "Attente tech"

    Scénario: Une réponse tardive se note encore sur une commande annulée
      Étant donné une commande en "Annuler"
      Quand le partenaire note "Partenaire : confirmé (confirmé par : Mme Roux)"
      Alors la commande est en "Annuler"
