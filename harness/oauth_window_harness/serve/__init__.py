"""The control API of ``oauth-window serve``, and the plays that it keeps apart by a key."""
