# language: fr
Fonctionnalité: Les onze statuts du tableau

  STATUT dit où en est la commande. Installation a deux moments : le rendez-vous posé, puis la clôture.

  @R-BOARD-13 @R-BOARD-14 @R-BOARD-15 @R-BOARD-16 @R-BOARD-17 @R-BOARD-18 @R-BOARD-19 @R-BOARD-20 @R-BOARD-21 @R-BOARD-22 @R-BOARD-23
  Règle: D'un statut à l'autre, on ne passe que par où la table dit oui

    Scénario: La table entière, de chaque statut vers chaque autre
      Étant donné le partenaire "Porta d'abord", dont la marche à suivre est:
        | portabilité avant l'installation | exigée |
      Quand Sonia essaie chaque passage d'un statut à un autre
      Alors seuls ces passages sont permis, les autres sont refusés:
        | de / vers                   | New | Collecte | Staging | Attente tech | Attente Parte | Att porta | Att 5COM | Stand BY | En attente de planification | Installation (RDV posé) | Installation (clôturée) | Annuler |
        | New                         |     | oui      | oui     |              | oui           | oui       |          | oui      | oui                         |                         |                         | oui     |
        | Collecte                    |     |          | oui     |              | oui           | oui       |          | oui      | oui                         |                         |                         | oui     |
        | Staging                     |     | oui      |         | oui          | oui           | oui       | oui      | oui      | oui                         |                         |                         | oui     |
        | Attente tech                |     | oui      | oui     |              | oui           | oui       | oui      | oui      | oui                         | oui                     |                         | oui     |
        | Attente Parte               | oui | oui      | oui     | oui          |               | oui       | oui      | oui      | oui                         | oui                     |                         | oui     |
        | Att porta                   |     | oui      | oui     | oui          | oui           |           | oui      | oui      | oui                         | oui                     |                         | oui     |
        | Att 5COM                    |     | oui      | oui     | oui          | oui           | oui       |          | oui      | oui                         | oui                     |                         | oui     |
        | Stand BY                    | oui | oui      | oui     | oui          | oui           | oui       | oui      |          | oui                         |                         |                         | oui     |
        | En attente de planification |     | oui      | oui     | oui          | oui           | oui       | oui      | oui      |                             | oui                     |                         | oui     |
        | Installation (RDV posé)     |     |          |         | oui          | oui           | oui       | oui      | oui      | oui                         |                         | oui                     | oui     |
        | Installation (clôturée)     |     |          |         |              |               |           |          |          |                             |                         |                         |         |
        | Annuler                     |     |          |         |              |               |           |          |          |                             |                         |                         |         |

  @R-BOARD-13
  Règle: New, c'est une commande qui vient d'arriver, pour laquelle rien n'est encore fait

    Scénario: La commande de la Boulangerie Morel arrive
      Quand Sonia reçoit la commande "Boulangerie Morel" de HIGHCOM pour 3 téléphones
      Alors il s'est passé:
        | Commande reçue de HIGHCOM pour 3 téléphones |
        | Statut : New                                |

    Scénario: Une commande au staging ne redevient pas nouvelle
      Étant donné une commande en "Staging"
      Quand Sonia passe la commande en "New"
      Alors c'est refusé : "« Reprise » ne se fait pas depuis « Staging » ; possible depuis : Stand BY"

  @R-BOARD-14
  Règle: Collecte, c'est le chef de projet qui recueille les informations du client

    Scénario: Inès démarre la collecte
      Étant donné une commande en "New"
      Quand Inès passe la commande en "Collecte"
      Alors la commande est en "Collecte"

    Scénario: Il manque une information au staging, la collecte reprend
      Étant donné une commande en "Staging"
      Quand l'atelier passe la commande en "Collecte" : "le plan de numérotation manque"
      Alors il s'est passé:
        | Collecte reprise (motif : le plan de numérotation manque) |
        | Statut : Collecte                                        |

    Scénario: On ne reprend pas la collecte sans dire pourquoi
      Étant donné une commande en "Staging"
      Quand l'atelier note "Collecte reprise"
      Alors c'est refusé : "est obligatoire"

  @R-BOARD-15
  Règle: Staging, c'est l'atelier qui prépare le matériel

    Scénario: La collecte finie, l'atelier prépare
      Étant donné une commande de 12 téléphones en "Collecte"
      Quand Inès note "Collecte terminée"
      Alors la commande est en "Staging"

    Scénario: L'atelier ne commence pas sans savoir combien de téléphones préparer
      Étant donné une commande d'un nombre inconnu de téléphones en "New"
      Quand l'atelier passe la commande en "Staging"
      Alors c'est refusé : "le nombre de téléphones est inconnu"

    Scénario: Le matériel change, l'atelier recommence
      Étant donné une commande en "Attente tech"
      Quand l'atelier passe la commande en "Staging" : "deux postes de plus"
      Alors la commande est en "Staging"

  @R-BOARD-16
  Règle: Attente tech, c'est l'attente de la disponibilité du technicien de terrain

    Scénario: Sonia demande Karim pour le 14 avril
      Étant donné une commande en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 9H30, TECH : Direct, NOM TECH : Karim)"
      Quand Sonia passe la commande en "Attente tech"
      Alors la commande attend "technicien (Karim)"

    Scénario: On ne demande pas un technicien sans lui dire quel jour
      Étant donné une commande en "En attente de planification"
      Quand Sonia passe la commande en "Attente tech"
      Alors c'est refusé : "la DATE manque"

  @R-BOARD-17
  Règle: Attente Parte, c'est l'attente d'une réponse du partenaire

    Scénario: HIGHCOM doit dire si le devis est signé
      Étant donné une commande en "New"
      Quand Sonia passe la commande en "Attente Parte" : "devis à signer"
      Alors la commande attend "partenaire (HIGHCOM)"

    Scénario: HIGHCOM dit non, on n'attend plus sa réponse
      Étant donné une commande en "Attente Parte"
      Quand le partenaire note "Partenaire : refusé (motif : devis trop cher)"
      Alors la commande est en "En attente de planification"
      Et la commande n'attend plus rien

    Scénario: Une commande en Stand BY se reprend avant d'attendre le partenaire
      Étant donné une commande en "Stand BY"
      Quand Sonia passe la commande en "Attente Parte" : "devis à signer"
      Alors c'est refusé : "« Reprise » ne mène pas à « Attente Parte » depuis ici"

  @R-BOARD-18
  Règle: Att porta, c'est l'attente de la fiabilisation de la portabilité auprès de l'opérateur

    Scénario: La portabilité est demandée à Orange
      Étant donné une commande en "Staging"
      Et Sonia a noté "Portabilité notée (état : demandée, opérateur : Orange)"
      Quand Sonia passe la commande en "Att porta"
      Alors la commande est en "Att porta"

    Scénario: On n'attend pas une portabilité que personne n'a demandée
      Étant donné une commande en "Staging"
      Quand Sonia passe la commande en "Att porta"
      Alors c'est refusé : "la portabilité n'a pas été demandée"

  @R-BOARD-19
  Règle: Att 5COM, c'est l'attente de la disponibilité du technicien de 5COM

    Scénario: 5COM nommera son technicien plus tard
      Étant donné une commande en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 14H, TECH : 5 com)"
      Quand Sonia passe la commande en "Att 5COM"
      Alors la commande attend "technicien (5 com)"

    Scénario: Karim n'est pas de 5COM
      Étant donné une commande en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 14H, TECH : Direct, NOM TECH : Karim)"
      Quand Sonia passe la commande en "Att 5COM"
      Alors c'est refusé : "TECH n'est pas 5 com"

  @R-BOARD-20
  Règle: Stand BY met la commande en attente, sans rendez-vous tenu

    Scénario: Le client fait des travaux
      Étant donné une commande en "Attente tech", RDV le 14 avril avec Karim
      Quand Sonia passe la commande en "Stand BY" : "travaux chez le client"
      Alors la commande est en "Stand BY"
      Et Karim est libre le 14 avril

    Scénario: Une commande déjà en Stand BY n'y retourne pas
      Étant donné une commande en "Stand BY"
      Quand Sonia passe la commande en "Stand BY" : "travaux chez le client"
      Alors c'est refusé : "« Mise en Stand BY » ne se fait pas depuis « Stand BY »"

  @R-BOARD-21
  Règle: En attente de planification, c'est tout est prêt, reste à trouver un jour

    Scénario: Le matériel est prêt
      Étant donné une commande en "Staging"
      Quand l'atelier note "Staging terminé"
      Alors la commande est en "En attente de planification"

    Scénario: Rien à préparer, la commande passe sans staging
      Étant donné une commande en "New"
      Quand Inès passe la commande en "En attente de planification" : "les postes sont déjà chez le client"
      Alors il s'est passé:
        | Passée sans staging (motif : les postes sont déjà chez le client) |
        | Statut : En attente de planification                              |

    Scénario: Du matériel à préparer ne saute pas le staging
      Étant donné l'histoire de la commande "Boulangerie Morel":
        | le     | ce qui s'est passé                                                   |
        | 2 mars | Commande reçue de HIGHCOM pour 3 téléphones (matériel à préparer : oui) |
      Quand Sonia passe la commande en "En attente de planification"
      Alors c'est refusé : "la commande a du matériel à préparer : elle passe par le staging"

  @R-BOARD-22
  Règle: Installation commence quand le rendez-vous est posé

    Scénario: Karim dit oui, tout le reste est su
      Étant donné une commande en "Attente tech", RDV le 14 avril à 9H30 avec Karim
      Quand Karim note "Technicien confirmé"
      Alors la commande est en "Installation (RDV posé)"
      Et Karim est pris le 14 avril par "Boulangerie Morel"

    Plan du scénario: Sans <ce qui manque>, le rendez-vous n'est pas posé
      Étant donné une commande en "En attente de planification"
      Quand Sonia passe la commande en "Installation (RDV posé)"
      Alors c'est refusé : "<ce qui est lu>"

      Exemples:
        | ce qui manque          | ce qui est lu                                       |
        | DATE                   | la DATE manque                                      |
        | HEURE                  | l'HEURE manque                                      |
        | TECH                   | TECH manque : Direct, 5 com ou Occitech             |
        | NOM CP                 | le NOM CP manque                                    |
        | le oui du technicien   | la disponibilité du technicien n'est pas confirmée  |

  @R-BOARD-23
  Règle: Annuler, c'est une installation annulée avec la confirmation du partenaire

    Scénario: HIGHCOM confirme que le contrat est perdu
      Étant donné une commande en "New"
      Et Sonia a noté "Annulation demandée (motif : perte du contrat)"
      Quand Sonia note que HIGHCOM confirme l'annulation
      Alors la commande est en "Annuler"

    Scénario: Rien n'a été demandé au partenaire
      Étant donné une commande en "New"
      Quand Sonia passe la commande en "Annuler"
      Alors c'est refusé : "aucune annulation n'a été demandée"
