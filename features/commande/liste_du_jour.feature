# language: fr
Fonctionnalité: La liste du jour

  Ce que Sonia a à regarder ce matin, rubrique par rubrique.

  @R-BOARD-43
  Règle: La liste du jour dit ce qui est dû, ce qui manque, ce qui tarde

    Scénario: Un rappel est dû
      Étant donné une commande en "Att porta"
      Et Sonia a noté "IMPER posé (date : 4 mars, à vérifier : la réponse d'Orange)"
      Quand Sonia lit la liste du jour le 4 mars
      Alors la liste du jour montre:
        | rubrique        | CLIENT            | à faire                               |
        | Rappels à faire | Boulangerie Morel | IMPER du 4 mars : la réponse d'Orange |

    Scénario: Le rendez-vous d'après-demain, et ce qui lui manque
      Étant donné une commande en "Installation (RDV posé)", RDV le 4 mars à 9H30 avec Karim
      Quand Sonia lit la liste du jour
      Alors la liste du jour montre:
        | rubrique                      | CLIENT            | à faire                                                  |
        | RDV des trois prochains jours | Boulangerie Morel | 04/03 à 9H30, Karim, CP Inès : il manque le colis (matériel non livré) |

    Scénario: Tout est prêt
      Étant donné une commande en "Installation (RDV posé)", RDV le 4 mars à 9H30 avec Karim
      Et l'atelier a noté "Matériel envoyé (N° CHRONO : XA123456785FR)"
      Et Karim a noté "Matériel livré"
      Quand Sonia lit la liste du jour
      Alors la liste du jour montre:
        | rubrique                      | CLIENT            | à faire                        |
        | RDV des trois prochains jours | Boulangerie Morel | 04/03 à 9H30, Karim, CP Inès : tout est prêt |

    Scénario: Les numéros passent aujourd'hui
      Étant donné une commande en "New"
      Et l'opérateur a noté "Portabilité confirmée pour le 4 mars"
      Quand Sonia lit la liste du jour le 4 mars
      Alors la liste du jour montre:
        | rubrique             | CLIENT            | à faire                |
        | Portabilités du jour | Boulangerie Morel | portabilité confirmée |

    Scénario: HIGHCOM ne répond pas
      Étant donné une commande en "Attente Parte"
      Quand Sonia lit la liste du jour le 5 mars
      Alors la liste du jour montre:
        | rubrique            | CLIENT            | à faire                                                      |
        | Réponses en retard | Boulangerie Morel | partenaire : HIGHCOM attendu(e) depuis 3 jours ouvrés |

    Plan du scénario: Sans nouvelles, lu le <jour>
      Étant donné une commande en "Staging"
      Quand Sonia lit la liste du jour le <jour>
      Alors la liste du jour compte <combien> ligne

      Exemples:
        | jour    | combien |
        | 11 mars | 0       |
        | 12 mars | 1       |
        | 30 mars | 1       |

    Scénario: Le rendez-vous est passé
      Étant donné une commande en "Installation (RDV posé)", RDV le 4 mars à 9H30 avec Karim
      Quand Sonia lit la liste du jour le 5 mars
      Alors la liste du jour montre:
        | rubrique    | CLIENT            | à faire                                                         |
        | À clôturer | Boulangerie Morel | RDV du 4 mars passé : visite faite, à finir ou en échec ? |

    Scénario: Clôturée, pas encore facturée
      Étant donné une commande en "Installation (clôturée)"
      Quand Sonia lit la liste du jour
      Alors la liste du jour montre:
        | rubrique    | CLIENT            | à faire                 |
        | À facturer | Boulangerie Morel | installation clôturée |

    Scénario: Karim ne lit que la sienne
      Étant donné la commande "Boulangerie Morel" en "Installation (RDV posé)", RDV le 4 mars avec Karim
      Et la commande "Garage Petit" en "Installation (RDV posé)", RDV le 4 mars à 14H avec Moussa
      Quand Karim lit la liste du jour de Moussa
      Alors la liste du jour compte 1 ligne
