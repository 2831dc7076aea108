"""What came of a run, and the files that it leaves."""
