"""Pure checks: functions that read the journal of one play and return findings."""
