"""One row of the table of a run's options: what each of them says beside its type and its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

_REACH = "The app under test"
_DRIVE = "The browser"


@dataclass(frozen=True)
class Option:
    """One row of the table: an option's argument, and its help.

    Attributes:
        metavar: the name of its argument; None for a flag.
        help: its help on the command line.
        in_pytest: its help in pytest; None if pytest has no such option.
        panel: its heading in the command line's help.
        bounds: its smallest and largest value.
        repeated: whether it may be given again.
        letter: its short form, a dash and a letter.
        one_off: whether it is meant for the run for which it is typed, and so may not stand in a file.
    """

    metavar: str | None
    help: str
    in_pytest: str | None = None
    panel: str | None = None
    bounds: tuple[float, float] | None = None
    repeated: bool = False
    letter: str | None = None
    one_off: bool = False


def row(
    metavar: str | None, text: str, *, in_pytest: str | Literal[True] | None = None, **further: Any
) -> Mapping[str, Option]:
    """Return the metadata of a field; with ``in_pytest=True``, pytest's help has the same words."""
    own = text[0].lower() + text[1:].removesuffix(".") if in_pytest is True else in_pytest
    return {"row": Option(metavar, text, own, **further)}


def reach(metavar: str, text: str, **further: Any) -> Mapping[str, Option]:
    """Return the metadata of an option that leads to the app under test."""
    return row(metavar, text, panel=_REACH, **further)


def drive(metavar: str | None, text: str, **further: Any) -> Mapping[str, Option]:
    """Return the metadata of an option about the browser."""
    return row(metavar, text, panel=_DRIVE, **further)
