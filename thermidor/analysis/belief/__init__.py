"""How answers depend on what is believed: what would overturn, divide, and settle them."""
