"""What drives the windows."""
