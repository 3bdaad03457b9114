"""The ledger at work: use cases that the command line and the API call alike."""
