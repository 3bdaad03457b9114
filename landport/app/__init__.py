"""Use cases: plan a week, and the demo week to try it on."""
