"""Thermidor: a laboratory for arguments about how authoritarian regimes survive and fall."""
__version__ = "0.1.0"
