"""OpenAPI files, and what fixtures are compared with in them."""
