"""What finished studies say: what moves them, what would overturn them, what was seen since."""
