"""What can be wrong with an integration: the table of causes, and the findings that are made of it."""
