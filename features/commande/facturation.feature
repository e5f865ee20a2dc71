# language: fr
Fonctionnalité: Ce que Lucie facture

  @R-BOARD-36
  Règle: INFOS FACTURATION s'adresse à Lucie, qui lit aussi ce qui est à facturer

    Scénario: La clôture rend la commande facturable
      Étant donné une commande en "Installation (clôturée)"
      Quand Lucie lit la facturation
      Alors Lucie lit, à facturer:
        | CLIENT            | où on en est |
        | Boulangerie Morel | à facturer   |

    Scénario: Sonia prévient Lucie d'une remise
      Étant donné une commande en "Staging"
      Quand Sonia note "Infos facturation : remise de 10 % sur les postes"
      Alors Lucie lit, à facturer:
        | CLIENT            | où on en est | INFOS FACTURATION              |
        | Boulangerie Morel | en cours     | remise de 10 % sur les postes |

    Scénario: Un déplacement pour rien se facture
      Étant donné une commande en "Installation (RDV posé)", RDV le 2 mars avec Karim
      Quand Karim note "RDV en échec (motif : porte close, cause : client absent, déplacement facturable : oui)"
      Alors Lucie lit, à facturer:
        | CLIENT            | déplacements                            |
        | Boulangerie Morel | 2 mars : client absent, porte close |

    Scénario: La facture est faite
      Étant donné une commande en "Installation (clôturée)"
      Quand Lucie note "Infos facturation : facture F-1042 (facture faite)"
      Alors Lucie lit, à facturer:
        | CLIENT            | où on en est | INFOS FACTURATION |
        | Boulangerie Morel | facturée     | facture F-1042    |

    Scénario: Karim n'écrit pas à la facturation
      Étant donné une commande en "Staging"
      Quand Karim note "Infos facturation : 2 h de plus"
      Alors c'est refusé : "réservé aux rôles : billing, planner, project_manager"
