"""NOUNS of the house: frozen data, no input or output, no clock."""
