"""Background work and outgoing mail, written in the transaction that asks for them."""
