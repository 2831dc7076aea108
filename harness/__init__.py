"""An end-to-end harness for HighLevel's social OAuth window.

Importing this package costs nothing: no browser, server or third-party library is loaded until used.
"""

__version__ = "0.1.0"
