"""What finished studies are asked."""
