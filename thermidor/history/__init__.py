"""Past uprisings as scenarios, the calibration to them, and the score board."""
