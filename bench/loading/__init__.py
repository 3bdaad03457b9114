"""How full containers get: published instances, solved by landport and by its peers, each plan checked, as tables."""
