"""``python -m harness`` is ``oauth-window``."""

from harness.cli import main

main()
