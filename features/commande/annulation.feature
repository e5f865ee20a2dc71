# language: fr
Fonctionnalité: Annuler une commande

  @R-BOARD-32
  Règle: Une commande ne s'annule qu'avec la confirmation du partenaire et un motif

    Plan du scénario: <motif>
      Étant donné une commande en "Staging"
      Et Sonia a noté "Annulation demandée (motif : <motif>)"
      Quand Sonia note que HIGHCOM confirme l'annulation
      Alors la commande est en "Annuler"

      Exemples:
        | motif                          |
        | perte du contrat               |
        | changement d'avis du client    |
        | le site ferme                  |

    Scénario: Pas de confirmation sans demande
      Étant donné une commande en "Staging"
      Quand Sonia note que HIGHCOM confirme l'annulation
      Alors c'est refusé : "aucune annulation n'a été demandée"

    Scénario: Il faut dire qui a confirmé
      Étant donné une commande en "Staging"
      Et Sonia a noté "Annulation demandée (motif : perte du contrat)"
      Quand Sonia note "Commande annulée (par : mail)"
      Alors c'est refusé : "est obligatoire"

    Scénario: Il faut dire pourquoi on la demande
      Étant donné une commande en "Staging"
      Quand Sonia note "Annulation demandée"
      Alors c'est refusé : "est obligatoire"

  @R-BOARD-41
  Règle: Demandée seule, une annulation ne change pas le statut : elle se voit, se confirme ou se retire

    Scénario: Tant que le partenaire se tait, la commande reste où elle est
      Étant donné une commande en "Attente tech", RDV le 14 avril avec Karim
      Quand Sonia demande l'annulation : "perte du contrat"
      Alors la commande est en "Attente tech"
      Et Karim est pris le 14 avril par "Boulangerie Morel"
      Et une alerte dit : "annulation demandée (perte du contrat)"

    Scénario: Une demande suffit
      Étant donné une commande en "Staging"
      Et Sonia a noté "Annulation demandée (motif : perte du contrat)"
      Quand Sonia demande l'annulation : "le client insiste"
      Alors c'est refusé : "l'annulation est déjà demandée : la confirmer (annuler) ou la retirer"

    Scénario: Le client revient sur son avis
      Étant donné une commande en "Staging"
      Et Sonia a noté "Annulation demandée (motif : changement d'avis du client)"
      Quand le client note "Demande d'annulation retirée"
      Alors la commande n'attend plus rien
      Et aucune alerte ne dit : "annulation demandée"

    Scénario: On ne retire pas ce qui n'a pas été demandé
      Étant donné une commande en "Staging"
      Quand Sonia note "Demande d'annulation retirée"
      Alors c'est refusé : "aucune annulation n'a été demandée"

    Scénario: La journée de Karim est rendue
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Et Sonia a noté "Annulation demandée (motif : perte du contrat)"
      Quand Sonia note que HIGHCOM confirme l'annulation
      Alors il s'est passé:
        | Commande annulée (confirmé par : HIGHCOM, par : mail) |
        | Statut : Annuler                                      |
        | Journée libérée                                       |

  @R-BOARD-41
  Règle: Ce qui court encore ailleurs est rappelé en Stand BY et en Annuler

    Plan du scénario: <ce qui court encore>
      Étant donné une commande en "Staging"
      Et Sonia a noté "<ce qui s'est passé>"
      Et Sonia a noté "Annulation demandée (motif : perte du contrat)"
      Quand Sonia note que HIGHCOM confirme l'annulation
      Alors une alerte dit : "<ce qui est lu>"

      Exemples:
        | ce qui court encore             | ce qui s'est passé                                   | ce qui est lu                                |
        | La portabilité chez l'opérateur | Portabilité notée (état : demandée)                  | portabilité toujours en cours chez l'opérateur |
        | Le matériel chez le client      | Matériel envoyé (N° CHRONO : XA123456785FR)          | matériel parti chez le client : à récupérer  |
        | La facture                      | Infos facturation : facture F-1042 (facture faite)   | avoir à établir                              |

    Scénario: En Stand BY, le matériel est chez le client
      Étant donné une commande en "En attente de planification"
      Et l'atelier a noté "Matériel envoyé (N° CHRONO : XA123456785FR)"
      Quand Sonia passe la commande en "Stand BY" : "travaux chez le client"
      Alors une alerte dit : "matériel parti chez le client : à récupérer"

    Scénario: Le matériel est revenu
      Étant donné une commande en "Stand BY"
      Et l'atelier a noté "Matériel envoyé (N° CHRONO : XA123456785FR)"
      Quand l'atelier note "Matériel retourné (motif : travaux)"
      Alors aucune alerte ne dit : "matériel parti chez le client"
