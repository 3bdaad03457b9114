"""The ledger and the service under load."""
