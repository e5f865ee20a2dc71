# language: fr
Fonctionnalité: L'installation, posée puis clôturée

  @R-BOARD-31
  Règle: Installation se clôture après le rendez-vous, avec un compte rendu, quand plus rien n'est attendu

    Scénario: Karim a fini, Inès clôture
      Étant donné une commande en "Installation (RDV posé)", RDV le 2 mars à 9H30 avec Karim
      Et Karim a noté "Visite faite (compte rendu : 3 postes posés)"
      Quand Inès note "Installation clôturée"
      Alors il s'est passé:
        | Installation clôturée              |
        | Statut : Installation (clôturée) |

    Scénario: Les deux moments se lisent du même mot au tableau
      Étant donné la commande "Boulangerie Morel" en "Installation (RDV posé)"
      Et la commande "Garage Petit" en "Installation (clôturée)"
      Quand Sonia lit le tableau
      Alors le tableau montre:
        | CLIENT            | STATUT       |
        | Boulangerie Morel | Installation |
        | Garage Petit      | Installation |

    Scénario: On ne clôture pas avant le jour
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Quand Inès note "Installation clôturée (compte rendu : tout est posé)"
      Alors c'est refusé : "le RDV est le 14 avril : clôturer ce jour-là ou après"

    Scénario: On ne clôture pas sans compte rendu
      Étant donné une commande en "Installation (RDV posé)", RDV le 2 mars avec Karim
      Quand Inès note "Installation clôturée"
      Alors c'est refusé : "le compte rendu manque"

    Scénario: On ne clôture pas tant qu'une réponse est attendue
      Étant donné une commande en "Installation (RDV posé)", RDV le 2 mars avec Karim
      Et l'opérateur a noté "Portabilité refusée (motif : RIO faux)"
      Quand Inès note "Installation clôturée (compte rendu : tout est posé)"
      Alors c'est refusé : "il reste une attente ouverte : portabilité"

    Scénario: Une commande clôturée reste clôturée
      Étant donné une commande en "Installation (clôturée)"
      Quand Sonia passe la commande en "Stand BY" : "le client rappelle"
      Alors c'est refusé : "ne se fait pas depuis « Installation (clôturée) »"
