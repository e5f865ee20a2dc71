# language: fr
Fonctionnalité: Stand BY, la commande en attente

  @R-BOARD-30
  Règle: La reprise rend le statut d'où la commande venait

    Plan du scénario: Elle venait de <statut>
      Étant donné une commande en "<statut>"
      Et Sonia a noté "Mise en Stand BY (motif : travaux chez le client)"
      Quand Sonia note "Reprise"
      Alors la commande est en "<retour>"

      Exemples:
        | statut                      | retour                      |
        | New                         | New                         |
        | Collecte                    | Collecte                    |
        | Staging                     | Staging                     |
        | En attente de planification | En attente de planification |
        | Attente tech                | Attente tech                |
        | Att 5COM                    | Att 5COM                    |
        | Attente Parte               | Attente Parte               |
        | Att porta                   | Att porta                   |
        | Installation (RDV posé)     | En attente de planification |

    Scénario: Entre-temps l'opérateur a confirmé, il n'y a plus rien à attendre
      Étant donné une commande en "Att porta"
      Et Sonia a noté "Mise en Stand BY (motif : travaux chez le client)"
      Et l'opérateur a noté "Portabilité confirmée pour le 14 avril"
      Quand Sonia note "Reprise"
      Alors la commande est en "En attente de planification"

    Scénario: Entre-temps Karim a dit non, on attend de nouveau un technicien
      Étant donné une commande en "Attente tech", RDV le 14 avril avec Karim
      Et Sonia a noté "Mise en Stand BY (motif : travaux chez le client)"
      Et Karim a noté "Technicien indisponible (motif : congés)"
      Quand Sonia note "Reprise"
      Alors la commande est en "Attente tech"

    Scénario: La date est toujours affichée, la journée n'est plus à nous
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Et Sonia a noté "Mise en Stand BY (motif : travaux chez le client)"
      Quand Sonia note "Reprise"
      Alors Karim est libre le 14 avril
      Et une alerte dit : "DATE affichée mais journée non réservée"

    Scénario: Le oui de Karim d'avant la mise en attente ne vaut plus
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Et Sonia a noté "Mise en Stand BY (motif : travaux chez le client)"
      Et Sonia a noté "Reprise"
      Quand Sonia passe la commande en "Installation (RDV posé)"
      Alors c'est refusé : "la disponibilité du technicien n'est pas confirmée pour ce RDV"

    Scénario: Karim a redit oui pendant l'attente, poser le rendez-vous le réserve de nouveau
      Étant donné une commande en "Attente tech", RDV le 14 avril avec Karim
      Et l'histoire de la commande "Boulangerie Morel":
        | le     | ce qui s'est passé                                |
        | 3 mars | Mise en Stand BY (motif : travaux chez le client) |
        | 8 mars | Technicien confirmé                               |
        | 9 mars | Reprise                                           |
      Quand Sonia passe la commande en "Installation (RDV posé)"
      Alors Karim est pris le 14 avril par "Boulangerie Morel"

    Scénario: Sonia voudrait la reprendre ailleurs
      Étant donné une commande en "Collecte"
      Et Sonia a noté "Mise en Stand BY (motif : travaux chez le client)"
      Quand Sonia passe la commande en "Staging"
      Alors c'est refusé : "« Reprise » ne mène pas à « Staging » depuis ici"

    Scénario: On ne reprend que ce qui attend
      Étant donné une commande en "Staging"
      Quand Sonia note "Reprise"
      Alors c'est refusé : "« Reprise » ne se fait pas depuis « Staging » ; possible depuis : Stand BY"

    Scénario: On ne met pas en attente sans dire pourquoi
      Étant donné une commande en "Staging"
      Quand Sonia note "Mise en Stand BY"
      Alors c'est refusé : "est obligatoire"
