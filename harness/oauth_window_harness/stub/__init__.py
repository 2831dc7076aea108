"""The stub: plays LeadConnector and Facebook on loopback, replaying contract fixtures."""
