"""What the views Compare and Claims lay side by side."""
