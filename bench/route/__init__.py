"""How fast ways are found: made-up timetables, the same questions to landport and to its peers, answers compared."""
