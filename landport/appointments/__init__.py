"""Border windows and appointments: capacity, rules of booking, order of call-up, states."""
