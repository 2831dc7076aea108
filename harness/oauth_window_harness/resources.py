"""The folders of the scenarios, the contract fixtures and the workflows that come with the package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def bundled(kind: str) -> Path:
    """Return the folder of the bundled ``scenarios``, ``contracts`` or ``templates``.

    An installed wheel has them inside the package; a checkout has them at its top level, where people edit them.
    """
    inside = _PACKAGE / "bundled" / kind
    if inside.is_dir():
        return inside
    in_checkout = {"scenarios": "scenarios", "contracts": "fixtures/contracts", "templates": "ci/templates"}
    return _PACKAGE.parents[1] / in_checkout[kind]
