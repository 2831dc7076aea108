"""From the stacks of a page's scripts to places in the user's own files, through source maps."""
