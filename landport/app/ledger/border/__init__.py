"""Use cases of border ports: publish, apply, book, the controller's day, closures; commands of the ledger."""
