"""The stub: stands in for LeadConnector and Facebook on loopback, and replays contract fixtures."""
