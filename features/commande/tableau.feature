# language: fr
Fonctionnalité: Le tableau de planification

  @R-BOARD-01
  Règle: Le tableau a ces 14 colonnes, dans cet ordre

    Scénario: Les en-têtes, à la lettre
      Étant donné une commande en "New"
      Quand Sonia lit le tableau
      Alors les colonnes du tableau sont:
        | IMPER                |
        | CLIENT               |
        | PARTENAIRE           |
        | DATE                 |
        | PORTA PRÉVUE LE      |
        | HEURE                |
        | TECH                 |
        | NOM TECH             |
        | NOM CP               |
        | STATUT               |
        | COMMENTAIRES PLANIF  |
        | MATÉRIEL REÇU        |
        | N° CHRONO            |
        | INFOS FACTURATION    |

    Scénario: Une ligne entière
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril à 9H30 avec Karim
      Quand Sonia lit le tableau
      Alors le tableau montre:
        | IMPER | CLIENT            | PARTENAIRE | DATE     | PORTA PRÉVUE LE | HEURE | TECH   | NOM TECH | NOM CP | STATUT       | COMMENTAIRES PLANIF | MATÉRIEL REÇU | N° CHRONO | INFOS FACTURATION |
        |       | Boulangerie Morel | HIGHCOM    | 14 avril | sans porta      | 9H30  | Direct | Karim    | Inès   | Installation |                     |               |           |                   |

  @R-BOARD-04
  Règle: CLIENT est une entreprise ou l'un de ses sites

    Scénario: Deux sites d'une entreprise sont deux lignes
      Étant donné la commande "Boulangerie Morel - Lyon" en "New"
      Et la commande "Boulangerie Morel - Brest" en "Staging"
      Quand Sonia cherche "Morel" dans le tableau
      Alors le tableau montre:
        | CLIENT                    | STATUT  |
        | Boulangerie Morel - Lyon  | New     |
        | Boulangerie Morel - Brest | Staging |

    Scénario: Une commande sans client n'est à personne
      Quand Sonia reçoit la commande "" de HIGHCOM pour 3 téléphones
      Alors c'est refusé : "est obligatoire"

  @R-BOARD-33
  Règle: Un commentaire est daté et signé, rangé ou non sous l'une des six catégories

    Plan du scénario: Sous la catégorie <catégorie>
      Étant donné une commande en "New"
      Quand Sonia note "Commentaire [<catégorie>] : à voir"
      Alors le tableau montre:
        | COMMENTAIRES PLANIF                    |
        | 02/03/2027 Sonia [<catégorie>] : à voir |

      Exemples:
        | catégorie            |
        | matériel à prévoir   |
        | échanges avec client |
        | durée estimée        |
        | blocages             |
        | info du tech terrain |
        | impératif client     |

    Scénario: Les commentaires se suivent dans la colonne
      Étant donné une commande en "New"
      Et Sonia a noté "Commentaire [durée estimée] : une matinée"
      Quand Karim note "Commentaire : prévoir un escabeau"
      Alors le tableau montre:
        | COMMENTAIRES PLANIF                                                                               |
        | 02/03/2027 Sonia [durée estimée] : une matinée / 02/03/2027 Karim : prévoir un escabeau |

    Scénario: Une septième catégorie n'existe pas
      Étant donné une commande en "New"
      Quand Sonia note "Commentaire [météo] : il pleut"
      Alors c'est refusé : "« météo » n'est pas une catégorie de commentaire"

  @R-BOARD-01
  Règle: Ce que le tableau exporte se réimporte sans un changement

    Scénario: Aller et retour
      Étant donné la commande "Boulangerie Morel" en "Installation (RDV posé)", RDV le 14 avril à 9H30 avec Karim
      Et la commande "Garage Petit" de VIP TELECOM en "Att porta"
      Et Sonia a noté sur "Garage Petit" "Commentaire [blocages] : digicode en panne"
      Quand Sonia exporte le tableau, puis l'importe
      Alors l'import compte 0 créée, 0 changée, 2 inchangées

    Scénario: Un fichier sans la colonne CLIENT n'est pas le planning
      Quand Sonia importe un fichier qui n'a que ces colonnes:
        | PARTENAIRE | DATE       | STATUT  | NOM TECH |
        | HIGHCOM    | 14/04/2027 | Staging | Karim    |
      Alors c'est refusé : "CLIENT"

  @R-BOARD-37
  Règle: L'import lit ce que les gens tapent, et ne perd aucune ligne

    Plan du scénario: « <saisi> » se lit <STATUT>
      Quand Sonia importe le planning:
        | CLIENT            | PARTENAIRE | STATUT  |
        | Boulangerie Morel | HIGHCOM    | <saisi> |
      Alors la commande est en "<STATUT>"

      Exemples:
        | saisi              | STATUT                  |
        | Stand BY -         | Stand BY                |
        | att(double)porta   | Att porta               |
        | Att(insécable)5COM | Att 5COM                |
        | Attente Parte.     | Attente Parte           |
        | Annulé             | Annuler                 |
        | ANNULEE            | Annuler                 |
        | staging            | Staging                 |

    Scénario: Un statut illisible ouvre en New, avec ce qui était écrit
      Quand Sonia importe le planning:
        | CLIENT            | PARTENAIRE | STATUT        |
        | Boulangerie Morel | HIGHCOM    | voir avec Bob |
      Alors la commande est en "New"
      Et une alerte dit : "STATUT illisible : « voir avec Bob »"

    Scénario: Une date qui n'en est pas une reste dans sa cellule, avec une remarque
      Quand Sonia importe le planning:
        | CLIENT            | PARTENAIRE | STATUT  | DATE        |
        | Boulangerie Morel | HIGHCOM    | Staging | à confirmer |
      Alors l'import remarque:
        | ligne | colonne | remarque    |
        | 2     | DATE    | à confirmer |
      Et le tableau montre:
        | CLIENT            | DATE        |
        | Boulangerie Morel | à confirmer |

    Scénario: Une ligne sans client est dite, pas perdue
      Quand Sonia importe le planning:
        | CLIENT            | PARTENAIRE | STATUT  |
        |                   | HIGHCOM    | Staging |
        | Boulangerie Morel | HIGHCOM    | Staging |
      Alors l'import refuse la ligne 2 : "CLIENT"

    Scénario: Un partenaire oublié reste à préciser
      Quand Sonia importe le planning:
        | CLIENT            | STATUT  |
        | Boulangerie Morel | Staging |
      Alors une alerte dit : "PARTENAIRE à préciser"

  @R-BOARD-37
  Règle: Réimporter ne défait pas ce qui s'est passé depuis

    Contexte:
      Étant donné Sonia a importé le planning:
        | CLIENT            | PARTENAIRE | STATUT  | NOM CP |
        | Boulangerie Morel | HIGHCOM    | Staging | Inès   |

    Scénario: Le même fichier n'ajoute rien
      Quand Sonia importe de nouveau le planning:
        | CLIENT            | PARTENAIRE | STATUT  | NOM CP |
        | Boulangerie Morel | HIGHCOM    | Staging | Inès   |
      Alors l'import compte 0 créée, 0 changée, 1 inchangée
      Et il ne s'est rien passé

    Scénario: Une cellule changée dans le fichier est reprise
      Quand Sonia importe de nouveau le planning:
        | CLIENT            | PARTENAIRE | STATUT  | NOM CP |
        | Boulangerie Morel | HIGHCOM    | Staging | Léa    |
      Alors le tableau montre:
        | NOM CP |
        | Léa    |

    Scénario: Un vieux fichier ne fait pas reculer la commande
      Étant donné l'atelier a noté "Staging terminé"
      Quand Sonia importe de nouveau le planning:
        | CLIENT            | PARTENAIRE | STATUT  | NOM CP |
        | Boulangerie Morel | HIGHCOM    | Staging | Inès   |
      Alors la commande est en "En attente de planification"

    Scénario: Une ligne retirée du fichier ne change rien, et se voit
      Quand Sonia importe de nouveau le planning:
        | CLIENT       | PARTENAIRE | STATUT |
        | Garage Petit | HIGHCOM    | New    |
      Alors le tableau garde, hors du fichier:
        | Boulangerie Morel |

  @R-BOARD-25
  Règle: Une commande reprise du tableau est présumée avoir fait les étapes d'avant

    Scénario: Déjà au staging, elle est présumée collectée, avec une alerte
      Étant donné Sonia a importé le planning:
        | CLIENT            | PARTENAIRE | STATUT  |
        | Boulangerie Morel | HIGHCOM    | Staging |
      Et l'atelier a noté "Staging terminé"
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 9H30, TECH : Direct, NOM TECH : Karim)"
      Quand Sonia passe la commande en "Attente tech"
      Alors une alerte dit : "présumées faites (reprise du tableau)"

    Scénario: Encore nouvelle, elle doit sa collecte
      Étant donné Sonia a importé le planning:
        | CLIENT            | PARTENAIRE | STATUT |
        | Boulangerie Morel | HIGHCOM    | New    |
      Quand Sonia passe la commande en "Staging"
      Alors c'est refusé : "le nombre de téléphones est inconnu"

    Scénario: Reprise en Stand BY, elle repart en attente de planification
      Étant donné Sonia a importé le planning:
        | CLIENT            | PARTENAIRE | STATUT   |
        | Boulangerie Morel | HIGHCOM    | Stand BY |
      Quand Sonia note "Reprise"
      Alors la commande est en "En attente de planification"

    Scénario: Les doubles réservations du fichier entrent, et alertent les deux lignes
      Quand Sonia importe le planning:
        | CLIENT            | PARTENAIRE | STATUT       | DATE       | HEURE | TECH   | NOM TECH | NOM CP |
        | Boulangerie Morel | HIGHCOM    | Installation | 14/04/2027 | 9H30  | Direct | Karim    | Inès   |
        | Garage Petit      | HIGHCOM    | Installation | 14/04/2027 | 14H   | Direct | Karim    | Inès   |
      Alors Karim est pris le 14 avril par "Boulangerie Morel et Garage Petit"
      Et une alerte sur "Boulangerie Morel" dit : "double réservation du technicien le 14 avril"
      Et une alerte sur "Garage Petit" dit : "double réservation du technicien le 14 avril"

    Scénario: Deux écritures qui peuvent être la même personne restent deux, et l'import le dit
      Quand Sonia importe le planning:
        | CLIENT            | PARTENAIRE | STATUT       | DATE       | HEURE | TECH   | NOM TECH     | NOM CP |
        | Boulangerie Morel | HIGHCOM    | Installation | 14/04/2027 | 9H30  | Direct | K. Benali    | Inès   |
        | Garage Petit      | HIGHCOM    | Installation | 14/04/2027 | 14H   | Direct | Benali Karim | Marc   |
      Alors l'import remarque:
        | ligne | colonne  | remarque                                                                      |
        | 2     | NOM TECH | K. Benali ressemble à Benali Karim, qui est pris le 14/04/2027 (Garage Petit) |
