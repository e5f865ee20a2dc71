# language: fr
Fonctionnalité: IMPER, les rappels

  @R-BOARD-02
  Règle: Une commande peut porter plusieurs rappels, quel que soit son statut

    Scénario: Deux rappels, le prochain d'abord
      Étant donné une commande en "Att porta"
      Et Sonia a noté "IMPER posé (date : 12 mars, à vérifier : la réponse d'Orange)"
      Quand Sonia note "IMPER posé (date : 8 mars)"
      Alors le tableau montre:
        | IMPER                                                    |
        | 08/03/2027 puis 12/03/2027 la réponse d'Orange |

    Plan du scénario: Un rappel se pose aussi en <statut>
      Étant donné une commande en "<statut>"
      Quand Sonia note "IMPER posé (date : 8 mars)"
      Alors le tableau montre:
        | IMPER      |
        | 08/03/2027 |

      Exemples:
        | statut                  |
        | New                     |
        | Stand BY                |
        | Installation (clôturée) |
        | Annuler                 |

    Plan du scénario: En <statut>, un rappel est proposé <jour>
      Étant donné une commande en "<statut>"
      Quand Sonia lit le tableau
      Alors une alerte dit : "aucun IMPER : en poser un, par exemple le <jour>"

      Exemples:
        | statut        | jour   |
        | Attente tech  | 4 mars |
        | Attente Parte | 4 mars |
        | Stand BY      | 4 mars |
        | Att porta     | 5 mars |

    Scénario: Le rappel proposé saute le week-end
      Étant donné nous sommes le 5 mars
      Et une commande en "Attente tech"
      Quand Sonia lit le tableau
      Alors une alerte dit : "aucun IMPER : en poser un, par exemple le 9 mars"

  @R-BOARD-03
  Règle: L'agenda montre les rappels, ce qu'il faut vérifier, et la suite donnée

    Contexte:
      Étant donné la commande "Boulangerie Morel" en "Att porta"
      Et Sonia a noté sur "Boulangerie Morel" "IMPER posé (date : 8 mars, à vérifier : la réponse d'Orange)"

    Plan du scénario: Le rappel du 8 mars lu le <jour>
      Quand Sonia lit l'agenda le <jour>
      Alors l'agenda montre:
        | le     | CLIENT            | STATUT    | à vérifier          | quand   |
        | 8 mars | Boulangerie Morel | Att porta | la réponse d'Orange | <quand> |

      Exemples:
        | jour   | quand       |
        | 7 mars | à venir     |
        | 8 mars | aujourd'hui |
        | 9 mars | en retard   |

    Scénario: Orange n'a pas répondu, on revient dans une semaine
      Quand Sonia note "IMPER fait (résultat : Orange ne répond pas, ensuite : 15 mars)"
      Alors l'agenda montre:
        | le      | CLIENT            | STATUT    | à vérifier | quand   |
        | 15 mars | Boulangerie Morel | Att porta |            | à venir |

    Scénario: On ne dit pas qu'un rappel est fait sans dire ce qu'on a vu
      Quand Sonia note "IMPER fait"
      Alors c'est refusé : "est obligatoire"

    Scénario: Une commande en Stand BY ne repart pas toute seule
      Étant donné Sonia a noté "Mise en Stand BY (motif : travaux)"
      Quand Sonia lit l'agenda le 9 mars
      Alors la commande est en "Stand BY"
