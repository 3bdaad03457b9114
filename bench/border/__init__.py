"""Benchmarks of a border port: its policy by simulation, its windows under load."""
