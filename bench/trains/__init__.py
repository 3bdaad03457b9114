"""Instances of the plain assembly format, and what is measured on them."""
