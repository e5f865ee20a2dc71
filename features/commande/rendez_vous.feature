# language: fr
Fonctionnalité: Le rendez-vous, du créneau au compte rendu

  @R-BOARD-09
  Règle: HEURE est l'un des neuf débuts de rendez-vous

    Plan du scénario: <saisi> se lit <HEURE>
      Étant donné une commande en "New"
      Quand Sonia note "RDV planifié (heure : <saisi>)"
      Alors le tableau montre:
        | HEURE   |
        | <HEURE> |

      Exemples:
        | saisi  | HEURE  |
        | 9H     | 9H     |
        | 9h30   | 9H30   |
        | 10H    | 10H    |
        | 10:30  | 10H30  |
        | 11 h   | 11H    |
        | 14H    | 14H    |
        | 14H30  | 14H 30 |
        | 14H 30 | 14H 30 |
        | 15H    | 15H    |
        | 15H30  | 15H30  |

    Plan du scénario: Rien ne commence à <saisi>
      Étant donné une commande en "New"
      Quand Sonia note "RDV planifié (heure : <saisi>)"
      Alors c'est refusé : "« <saisi> » n'est pas un créneau ; au choix : 9H, 9H30"

      Exemples:
        | saisi |
        | 8H30  |
        | 11H30 |
        | 13H   |
        | 16H   |

  @R-BOARD-40
  Règle: Un rendez-vous se reporte avec sa raison ; ce n'est ni un échec ni un désistement

    Contexte:
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril à 9H30 avec Karim

    Scénario: Un autre jour, Karim et le client sont d'accord
      Quand Sonia note "RDV reporté (motif : le client est en congés, date : 21 avril, technicien d'accord : oui)"
      Alors la commande est en "Installation (RDV posé)"
      Et Karim est libre le 14 avril
      Et Karim est pris le 21 avril par "Boulangerie Morel"

    Scénario: Un autre jour, reste à le demander à Karim
      Quand Sonia note "RDV reporté (motif : le client est en congés, date : 21 avril)"
      Alors la commande est en "Attente tech"
      Et la commande attend "technicien (Karim)"

    Scénario: Le partenaire doit reconfirmer
      Quand Sonia note "RDV reporté (motif : le client est en congés, date : 21 avril, ensuite : Attente Parte)"
      Alors la commande est en "Attente Parte"

    Scénario: Pas encore de nouvelle date
      Quand Sonia note "RDV reporté (motif : le client est en congés)"
      Alors la commande est en "En attente de planification"
      Et Karim est libre le 14 avril
      Et le tableau montre:
        | DATE       | NOM TECH |
        | 14/04/2027 | Karim    |

    Scénario: Un report garde sa trace dans les visites
      Quand Sonia note "RDV reporté (motif : le client est en congés, date : 21 avril, technicien d'accord : oui)"
      Alors le tableau montre:
        | DATE       | visites                                                             |
        | 21/04/2027 | 14/04/2027 Karim : reporté au 21/04/2027 : le client est en congés |

    Scénario: On ne reporte pas sans dire pourquoi
      Quand Sonia note "RDV reporté (date : 21 avril)"
      Alors c'est refusé : "est obligatoire"

    Scénario: Le jour voulu, Karim est déjà pris
      Étant donné la commande "Garage Petit" en "Attente tech", RDV le 21 avril avec Karim
      Quand Sonia note sur "Boulangerie Morel" "RDV reporté (motif : congés, date : 21 avril, technicien d'accord : oui)"
      Alors c'est refusé : "Karim est déjà pris ce jour-là par Garage Petit"
      Et Karim est pris le 14 avril par "Boulangerie Morel"

    Scénario: Attendre le partenaire garde la journée, avec une alerte
      Quand Sonia passe la commande en "Attente Parte" : "le client hésite"
      Alors Karim est pris le 14 avril par "Boulangerie Morel"
      Et une alerte dit : "journée du 14 avril gardée pendant l'attente"

    Scénario: Le partenaire dit non alors que tout était posé
      Quand le partenaire note "Partenaire : refusé (motif : pas avant mai)"
      Alors la commande est en "Installation (RDV posé)"
      Et une alerte dit : "HIGHCOM a refusé (pas avant mai) : reprendre la planification"

    Scénario: Karim se désiste, Moussa est demandé pour le même jour
      Quand Sonia note "Technicien désisté (motif : malade, NOM TECH : Moussa)"
      Alors la commande est en "Attente tech"
      Et Karim est libre le 14 avril
      Et Moussa est pris le 14 avril par "Boulangerie Morel"

    Scénario: Karim se désiste, 5COM le remplace
      Quand Sonia note "Technicien désisté (motif : malade, TECH : 5 com)"
      Alors la commande est en "Att 5COM"
      Et le tableau montre:
        | DATE       | HEURE | TECH  | NOM TECH |
        | 14/04/2027 | 9H30  | 5 com |          |

  @R-BOARD-40
  Règle: Ce que quelqu'un a confirmé ne vaut que pour ce jour et cette heure

    Plan du scénario: Karim avait dit oui, puis <ce qui change>
      Étant donné l'histoire de la commande "Boulangerie Morel":
        | le     | qui   | ce qui s'est passé                                                                           |
        | 2 mars | Sonia | Commande reçue de HIGHCOM pour 3 téléphones                                                  |
        | 3 mars | Sonia | Passée sans staging                                                                          |
        | 4 mars | Sonia | RDV planifié (date : 14 avril, heure : 9H30, TECH : Direct, NOM TECH : Karim, NOM CP : Inès) |
        | 5 mars | Karim | Technicien confirmé                                                                          |
      Et Sonia a noté "<ce qui change>"
      Quand Sonia passe la commande en "Installation (RDV posé)"
      Alors c'est refusé : "la disponibilité du technicien n'est pas confirmée pour ce RDV"

      Exemples:
        | ce qui change                          |
        | RDV planifié (date : 15 avril)         |
        | RDV planifié (heure : 14H)             |
        | Technicien affecté (NOM TECH : Moussa) |

  @R-BOARD-42
  Règle: Une visite laisse un compte rendu, terminé ou à finir

    Contexte:
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril à 9H30 avec Karim

    Scénario: Tout est posé
      Quand Karim note "Visite faite (compte rendu : 3 postes posés, résultat : terminé)"
      Alors il s'est passé:
        | Visite faite (compte rendu : 3 postes posés, résultat : terminé) |

    Scénario: Il manque un switch, et personne n'a encore pris date
      Quand Karim note "Visite faite (compte rendu : il manque un switch, résultat : à finir)"
      Alors la commande est en "En attente de planification"

    Scénario: La suite est déjà réservée avec Moussa
      Étant donné Sonia a noté "RDV planifié (visite de plus : oui, date : 16 avril, NOM TECH : Moussa)"
      Quand Karim note "Visite faite (compte rendu : il manque un switch, résultat : à finir)"
      Alors la commande est en "Installation (RDV posé)"
      Et Moussa est pris le 16 avril par "Boulangerie Morel"
      Et le tableau montre:
        | DATE       | NOM TECH | visites                   |
        | 16/04/2027 | Moussa   | 14/04/2027 Karim : à finir |

    Scénario: Une visite faite sans compte rendu n'est pas une visite faite
      Quand Karim note "Visite faite (résultat : terminé)"
      Alors c'est refusé : "est obligatoire"

    Scénario: Porte close, le déplacement se facture
      Quand Karim note "RDV en échec (motif : porte close, cause : client absent, déplacement facturable : oui)"
      Alors la commande est en "En attente de planification"
      Et Karim est libre le 14 avril
      Et le tableau montre:
        | visites                                                                          |
        | 14/04/2027 Karim : échec : client absent (porte close), déplacement facturable |

    Scénario: Un échec a une cause connue
      Quand Karim note "RDV en échec (motif : porte close, cause : la pluie)"
      Alors c'est refusé : "au choix : 'client absent'"
