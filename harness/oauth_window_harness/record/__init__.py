"""Recording of contract fixtures from a live service, with every secret replaced."""
