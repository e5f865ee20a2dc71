# language: fr
Fonctionnalité: La marche à suivre de chaque partenaire

  Le partenaire possède le client ; il décide de ce qui se fait, et de qui parle au client.

  @R-BOARD-05
  Règle: La marche à suivre est celle du partenaire de la commande

    Scénario: HIGHCOM laisse joindre le client
      Étant donné une commande de HIGHCOM en "New"
      Quand Sonia note "Contact sortant avec le client : le client préfère le matin"
      Alors il s'est passé:
        | Contact sortant avec le client : le client préfère le matin |

    Scénario: Un partenaire se reconnaît à toutes ses écritures
      Étant donné une commande de VIP Télécom en "New"
      Quand Sonia note "Contact sortant avec le client : le client préfère le matin"
      Alors c'est refusé : "c'est lui qui contacte le client, pas nous"

    Scénario: Un partenaire peut exiger la portabilité avant l'installation
      Étant donné le partenaire "Réseau Alpha", dont la marche à suivre est:
        | portabilité avant l'installation | exigée |
      Et une commande de Réseau Alpha en "Attente tech", RDV le 14 avril avec Karim
      Et Sonia a noté "Portabilité notée (état : demandée)"
      Quand Karim note "Technicien confirmé"
      Alors la commande est en "Att porta"

    Scénario: Une commande sans partenaire n'a pas de marche à suivre
      Quand Sonia reçoit la commande "Boulangerie Morel" de personne pour 3 téléphones
      Alors c'est refusé : "est obligatoire"

  @R-BOARD-26
  Règle: Chez VIP TELECOM, seul le partenaire joint le client

    Scénario: Nous n'appelons pas le client
      Étant donné une commande de VIP TELECOM en "New"
      Quand Sonia note "Contact sortant avec le client : demander l'étage"
      Alors c'est refusé : "c'est lui qui contacte le client, pas nous : passer par lui"

    Scénario: Le client nous appelle, on prévient le partenaire
      Étant donné une commande de VIP TELECOM en "New"
      Quand Sonia note "Contact entrant avec le client : il sera absent lundi"
      Alors une alerte dit : "le client nous a joints : prévenir VIP TELECOM"

    Scénario: Demander le technicien, c'est aussi demander au partenaire
      Étant donné une commande de VIP TELECOM en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 9H30, TECH : Direct, NOM TECH : Karim, NOM CP : Inès)"
      Quand Sonia passe la commande en "Attente tech"
      Alors la commande attend "partenaire (VIP TELECOM) et technicien (Karim)"

    Scénario: Le technicien dit oui, reste le partenaire
      Étant donné une commande de VIP TELECOM en "Attente tech", RDV le 14 avril avec Karim
      Quand Karim note "Technicien confirmé"
      Alors la commande est en "Attente Parte"
      Et la commande attend "partenaire (VIP TELECOM)"

    Scénario: Sonia voulait poser le rendez-vous, elle lit ce qui manque
      Étant donné une commande de VIP TELECOM en "Attente tech", RDV le 14 avril avec Karim
      Quand Sonia note "Technicien confirmé (ensuite : Installation (RDV posé))"
      Alors la commande est en "Attente Parte"
      Et Sonia est prévenue : "VIP TELECOM n'a pas confirmé cette DATE et cette HEURE"

    Scénario: Le partenaire a joint le client, le rendez-vous est posé
      Étant donné une commande de VIP TELECOM en "Attente tech", RDV le 14 avril avec Karim
      Et Karim a noté "Technicien confirmé"
      Quand le partenaire note "Partenaire : confirmé (confirmé par : Mme Roux)"
      Alors la commande est en "Installation (RDV posé)"
      Et la commande n'attend plus rien

    Scénario: Sans le partenaire, pas de rendez-vous
      Étant donné une commande de VIP TELECOM en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 9H30, TECH : Direct, NOM TECH : Karim, NOM CP : Inès)"
      Et Karim a noté "Technicien confirmé"
      Quand Sonia passe la commande en "Installation (RDV posé)"
      Alors c'est refusé : "VIP TELECOM n'a pas confirmé cette DATE et cette HEURE : le lui demander"

    Scénario: Le jour change, la confirmation du partenaire tombe
      Étant donné l'histoire de la commande "Boulangerie Morel":
        | le      | ce qui s'est passé                                                                                |
        | 2 mars  | Commande reçue de VIP TELECOM pour 3 téléphones                                                   |
        | 3 mars  | Passée sans staging                                                                               |
        | 4 mars  | RDV planifié (date : 14 avril, heure : 9H30, TECH : Direct, NOM TECH : Karim, NOM CP : Inès)      |
        | 8 mars  | Partenaire : confirmé (confirmé par : Mme Roux)                                                   |
        | 9 mars  | RDV planifié (date : 15 avril)                                                                    |
      Quand Sonia passe la commande en "Installation (RDV posé)"
      Alors c'est refusé : "VIP TELECOM n'a pas confirmé cette DATE et cette HEURE"

    Scénario: Le rendez-vous échoue, c'est encore au partenaire de parler au client
      Étant donné une commande de VIP TELECOM en "Installation (RDV posé)", RDV le 14 avril avec Karim
      Quand Karim note "RDV en échec (motif : porte close, cause : client absent)"
      Alors la commande est en "Attente Parte"

  @R-BOARD-27
  Règle: Chez Entreprise Pro, ce sont les BVC Orange qui confirment

    Scénario: Le technicien dit oui, on attend les BVC
      Étant donné une commande de Entreprise Pro en "Attente tech", RDV le 14 avril avec Karim
      Quand Karim note "Technicien confirmé"
      Alors la commande est en "Attente Parte"
      Et la commande attend "partenaire (BVC Orange)"

    Scénario: Les BVC confirment, le rendez-vous est posé
      Étant donné une commande de Entreprise Pro en "Attente tech", RDV le 14 avril avec Karim
      Et Karim a noté "Technicien confirmé"
      Quand le partenaire note "Partenaire : confirmé (confirmé par : BVC Orange)"
      Alors la commande est en "Installation (RDV posé)"

    Scénario: Sans les BVC, pas de rendez-vous
      Étant donné une commande de Entreprise Pro en "En attente de planification"
      Et Sonia a noté "RDV planifié (date : 14 avril, heure : 9H30, TECH : Direct, NOM TECH : Karim, NOM CP : Inès)"
      Et Karim a noté "Technicien confirmé"
      Quand Sonia passe la commande en "Installation (RDV posé)"
      Alors c'est refusé : "BVC Orange n'a pas confirmé"

    Scénario: Qui doit répondre peut se nommer
      Étant donné une commande de HIGHCOM en "New"
      Quand Sonia note "Partenaire attendu (motif : accord sur la date, de : M. Lenoir)"
      Alors la commande attend "partenaire (M. Lenoir)"

    Scénario: Un refus du partenaire libère le technicien
      Étant donné une commande de Entreprise Pro en "Attente tech", RDV le 14 avril avec Karim
      Et Karim a noté "Technicien confirmé"
      Quand le partenaire note "Partenaire : refusé (motif : pas avant mai)"
      Alors la commande est en "En attente de planification"
      Et Karim est libre le 14 avril
