"""OpenAPI files, and the comparison of fixtures with them."""
