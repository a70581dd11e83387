"""The command line's dealings with terminals, consoles, pipes and keyboards. It knows nothing of
regimes."""
