"""The documentation, and in `make` what writes it. No part of the package."""
