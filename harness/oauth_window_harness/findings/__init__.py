"""What can be wrong with an integration, and how it is told."""
