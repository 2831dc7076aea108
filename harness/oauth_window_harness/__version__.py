"""The version of the distribution; what is built reads it from here."""

__version__ = "0.1.0"
