"""The options of ``oauth-window serve``; only the standard library is imported, so that `--help` waits for no more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServeOptions:
    """How the stub and the gateway are served.

    Attributes:
        port: of the stub's plain address; 0 for any.
        gateway_port: of the gateway; 0 for any.
        strict: whether start demands its documented headers of browser navigations as well.
        allow: what the gateway lets through.
        fixtures: the folder of recorded fixtures that are replayed before the bundled ones.
        ready_file: appears when all listens, and is gone afterwards.
    """

    port: int = 8722
    gateway_port: int = 8723
    strict: bool = False
    allow: tuple[str, ...] = ()
    fixtures: Path | None = None
    ready_file: Path | None = None
