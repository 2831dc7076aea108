"""What happens in a play, as typed events in order, and how to wait for it."""
