"""Designs: scenarios varied over points, every point on the same luck."""
