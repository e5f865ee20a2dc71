# language: fr
Fonctionnalité: La collecte

  Au-delà de quatre téléphones, on ne prépare rien avant d'avoir tout demandé au client.

  @R-BOARD-24
  Règle: La collecte est obligatoire au-delà de 4 téléphones

    Plan du scénario: <téléphones> téléphones, <collecte> collecte
      Étant donné une commande de <téléphones> téléphones en "<statut>", <collecte> collecte
      Quand Sonia passe la commande en "Staging" : "à préparer"
      Alors le passage est <décision>

      Exemples:
        | téléphones | collecte | statut                      | décision |
        | 1          | sans     | New                         | accepté  |
        | 4          | sans     | New                         | accepté  |
        | 5          | sans     | New                         | refusé   |
        | 40         | sans     | New                         | refusé   |
        | 5          | avec     | En attente de planification | accepté  |

    Scénario: Le planificateur lit pourquoi c'est refusé
      Étant donné une commande de 12 téléphones en "New", sans collecte
      Quand Sonia passe la commande en "Staging"
      Alors c'est refusé : "la collecte est obligatoire au-delà de 4 téléphones"
      Et la commande est en "New"

    Scénario: Deux téléphones de plus, la collecte devient obligatoire
      Étant donné une commande de 3 téléphones en "En attente de planification", RDV le 14 avril
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 9H30, TECH : Direct, NOM TECH : Karim)"
      Et Sonia a noté "Commande modifiée (téléphones : 5)"
      Quand Sonia passe la commande en "Attente tech"
      Alors c'est refusé : "la collecte est obligatoire au-delà de 4 téléphones"

    Scénario: La collecte se finit aussi une fois la commande plus loin
      Étant donné une commande de 3 téléphones en "En attente de planification"
      Et Sonia a noté "Commande modifiée (téléphones : 5)"
      Et Inès a noté "Collecte terminée"
      Quand Sonia note "Staging repris (motif : deux postes de plus)"
      Alors la commande est en "Staging"

    Scénario: Le seuil est affaire de partenaire
      Étant donné le partenaire "Grand Compte", dont la marche à suivre est:
        | seuil de collecte | 10 |
      Et une commande de 10 téléphones de Grand Compte en "New"
      Quand Sonia passe la commande en "Staging"
      Alors la commande est en "Staging"

    @question
    Scénario: Une base DECT compte-t-elle comme un téléphone ?

  @R-BOARD-25
  Règle: Jusqu'à 4 téléphones la collecte est facultative ; d'un nombre inconnu, elle est due

    Scénario: Trois téléphones se collectent aussi
      Étant donné une commande de 3 téléphones en "New"
      Quand Inès passe la commande en "Collecte"
      Alors la commande est en "Collecte"

    Scénario: D'un nombre inconnu, on ne saute pas la collecte
      Étant donné une commande d'un nombre inconnu de téléphones en "New"
      Quand Sonia passe la commande en "Staging"
      Alors c'est refusé : "le nombre de téléphones est inconnu : le donner"

    Scénario: La collecte donne le nombre
      Étant donné une commande d'un nombre inconnu de téléphones en "Collecte"
      Quand Inès note "Collecte terminée (téléphones : 8)"
      Alors la commande est en "Staging"

    Scénario: La collecte ne se finit pas sans le nombre
      Étant donné une commande d'un nombre inconnu de téléphones en "Collecte"
      Quand Inès note "Collecte terminée"
      Alors c'est refusé : "le nombre de téléphones est inconnu"
