"""Loopback servers, certificates, and the gateway that carries the production names to the stub."""
