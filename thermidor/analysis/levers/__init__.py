"""Which levers hold up: what outsiders and society can choose, and how it does in many futures."""
