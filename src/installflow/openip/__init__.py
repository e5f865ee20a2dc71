"""What OpenIP's portal says of an installation: offers, orders and product sheets, observed and never decided here."""
