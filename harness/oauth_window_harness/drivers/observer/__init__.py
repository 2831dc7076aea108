"""The JavaScript that observes a page, and the conversion of its reports into events."""
