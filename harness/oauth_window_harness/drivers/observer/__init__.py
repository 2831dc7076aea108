"""The scripts that observe a page, and what they report."""
