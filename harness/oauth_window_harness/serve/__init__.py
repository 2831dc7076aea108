"""The server of ``oauth-window serve``, its control API, and the plays that it keeps apart by keys."""
