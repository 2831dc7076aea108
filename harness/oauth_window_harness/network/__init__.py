"""Loopback servers, certificates, and the gateway that routes the production names to the stub."""
