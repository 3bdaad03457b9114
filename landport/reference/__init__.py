"""Shipped facts: tables with their data dictionary, and the one table reader."""
