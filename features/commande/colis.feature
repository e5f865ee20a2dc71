# language: fr
Fonctionnalité: Le matériel et ses colis

  @R-BOARD-34
  Règle: MATÉRIEL REÇU est vide, puis ENVOYÉ, puis LIVRÉ

    Scénario: L'atelier envoie le colis
      Étant donné une commande en "En attente de planification"
      Quand l'atelier note "Matériel envoyé (N° CHRONO : XA123456785FR)"
      Alors le tableau montre:
        | MATÉRIEL REÇU | N° CHRONO     |
        | ENVOYÉ        | XA123456785FR |

    Scénario: Le client l'a reçu
      Étant donné une commande en "En attente de planification"
      Et l'atelier a noté "Matériel envoyé (N° CHRONO : XA123456785FR)"
      Quand le client note "Matériel livré"
      Alors le tableau montre:
        | MATÉRIEL REÇU |
        | LIVRÉ         |

    Scénario: Trois jours avant le rendez-vous, le matériel n'est pas là
      Étant donné une commande en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Quand Sonia lit le tableau le 11 avril
      Alors une alerte dit : "matériel non livré"

    Scénario: La veille encore, l'alerte n'empêche rien
      Étant donné une commande en "Attente tech", RDV le 3 mars avec Karim
      Quand Karim note "Technicien confirmé"
      Alors la commande est en "Installation (RDV posé)"
      Et une alerte dit : "matériel non livré"

  @R-BOARD-35
  Règle: N° CHRONO suit un ou plusieurs colis

    Scénario: Deux colis, un seul arrivé
      Étant donné une commande en "En attente de planification"
      Et l'atelier a noté "Matériel envoyé (N° CHRONO : XA123456785FR / 6A12345678901)"
      Quand le client note "Matériel livré (N° CHRONO : 6A12345678901)"
      Alors le tableau montre:
        | MATÉRIEL REÇU | N° CHRONO                     |
        | ENVOYÉ        | XA123456785FR / 6A12345678901 |

    Scénario: Un chiffre de trop se voit à la clé
      Étant donné une commande en "En attente de planification"
      Quand l'atelier note "Matériel envoyé (N° CHRONO : RB123456789GB)"
      Alors une alerte dit : "clé"

    Scénario: Envoyé, mais sous quel numéro
      Étant donné une commande en "En attente de planification"
      Quand l'atelier note "Matériel envoyé"
      Alors une alerte dit : "ENVOYÉ sans N° CHRONO"

    Scénario: Le même numéro sur deux commandes
      Étant donné la commande "Boulangerie Morel" en "Staging"
      Et la commande "Garage Petit" en "Staging"
      Et l'atelier a noté sur "Boulangerie Morel" "Matériel envoyé (N° CHRONO : XA123456785FR)"
      Quand l'atelier note sur "Garage Petit" "Matériel envoyé (N° CHRONO : XA123456785FR)"
      Alors une alerte sur "Garage Petit" dit : "N° CHRONO en double (aussi : Boulangerie Morel)"
