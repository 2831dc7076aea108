"""Pure checks: they read the journal of one play and give findings."""
