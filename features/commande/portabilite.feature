# language: fr
Fonctionnalité: La portabilité des numéros

  PORTA PRÉVUE LE dit quand l'opérateur transfère les numéros du client.

  @R-BOARD-08
  Règle: PORTA PRÉVUE LE porte une date, un opérateur et des remarques

    Scénario: Les trois morceaux se lisent dans la colonne
      Étant donné une commande en "New"
      Quand Sonia note "Portabilité notée (état : demandée, date : 14 avril, opérateur : Orange, remarques : 2 SDA)"
      Alors le tableau montre:
        | PORTA PRÉVUE LE                       |
        | 14/04/2027 ; demandée ; donneur : Orange ; 2 SDA |

    Scénario: Une remarque de plus ne change ni la date ni l'opérateur
      Étant donné une commande en "New"
      Et Sonia a noté "Portabilité notée (état : demandée, date : 14 avril, opérateur : Orange)"
      Quand Sonia note "Portabilité notée (remarques : RIO à refaire)"
      Alors le tableau montre:
        | PORTA PRÉVUE LE                               |
        | 14/04/2027 ; demandée ; donneur : Orange ; RIO à refaire |

    Scénario: Un jour qui n'existe pas
      Étant donné une commande en "New"
      Quand Sonia note "Portabilité notée (date : 31/02/2027)"
      Alors c'est refusé : "n'est pas un jour du calendrier"

  @R-BOARD-28
  Règle: Att porta dure jusqu'à ce que l'opérateur fiabilise la portabilité

    Scénario: Orange confirme, la commande peut être planifiée
      Étant donné l'histoire de la commande "Boulangerie Morel":
        | le      | ce qui s'est passé                                        |
        | 2 mars  | Commande reçue de HIGHCOM pour 3 téléphones               |
        | 4 mars  | Staging démarré                                           |
        | 8 mars  | Staging terminé                                           |
        | 9 mars  | Portabilité attendue (opérateur : Orange, demandée le : 9 mars) |
      Quand l'opérateur confirme la portabilité pour le 14 avril
      Alors il s'est passé:
        | Portabilité confirmée pour le 14 avril (source : l'opérateur) |
        | Statut : En attente de planification                          |

    Scénario: Le staging n'était pas fini, on y revient
      Étant donné une commande en "Staging"
      Et Sonia a noté "Portabilité notée (état : demandée, opérateur : Orange)"
      Et Sonia a noté "Portabilité attendue"
      Quand l'opérateur confirme la portabilité pour le 14 avril
      Alors la commande est en "Staging"

    Scénario: Un refus de l'opérateur ne libère pas la commande
      Étant donné une commande en "Att porta"
      Quand l'opérateur note "Portabilité refusée (motif : RIO faux)"
      Alors la commande est en "Att porta"
      Et une alerte dit : "l'opérateur refuse la portabilité (RIO faux) : la redemander"

    Scénario: Une portabilité déjà fiabilisée ne s'attend plus
      Étant donné une commande en "Staging"
      Et l'opérateur a noté "Portabilité confirmée pour le 14 avril"
      Quand Sonia note "Portabilité attendue (demandée le : 2 mars)"
      Alors c'est refusé : "la portabilité est déjà fiabilisée"

    Scénario: La date bouge après le rendez-vous posé, le jour du technicien est gardé
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Quand l'opérateur note "Portabilité reportée (date : 21 avril)"
      Alors la commande est en "Installation (RDV posé)"
      Et Karim est pris le 14 avril par "Boulangerie Morel"
      Et une alerte dit : "la portabilité passe au 21 avril : vérifier le RDV"

    Scénario: Sonia préfère attendre la nouvelle date
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Quand Sonia note "Portabilité reportée (date : 21 avril, ensuite : Att porta)"
      Alors la commande est en "Att porta"
      Et Karim est pris le 14 avril par "Boulangerie Morel"

    Scénario: Portabilité et installation ne tombent pas le même jour
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Quand l'opérateur confirme la portabilité pour le 16 avril
      Alors une alerte dit : "portabilité le 16 avril, après l'installation du 14 avril"

    Scénario: Le rendez-vous se pose avant la portabilité, avec une alerte
      Étant donné une commande en "Attente tech", RDV le 14 avril avec Karim
      Et Sonia a noté "Portabilité notée (état : demandée)"
      Quand Karim note "Technicien confirmé"
      Alors la commande est en "Installation (RDV posé)"
      Et une alerte dit : "portabilité non confirmée"

    Scénario: Chez un partenaire qui l'exige, le rendez-vous attend la portabilité
      Étant donné le partenaire "Réseau Alpha", dont la marche à suivre est:
        | portabilité avant l'installation | exigée |
      Et une commande de Réseau Alpha en "Attente tech", RDV le 14 avril avec Karim
      Et Sonia a noté "Portabilité notée (état : demandée)"
      Quand Sonia passe la commande en "Installation (RDV posé)"
      Alors c'est refusé : "la portabilité n'est pas fiabilisée, ce que ce partenaire exige avant l'installation"
