"""The events of a play, typed and in order, and how to wait for them."""
