"""Edits of the planted pages: what app.yaml and truth.yaml change in them, and copies that have these changes."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

#: The files of an app in which an edit may find its text; app.yaml, which quotes it, is none of them.
CODE = (".html", ".js", ".mjs", ".py")


class Change(BaseModel):
    """A text in the files of an app, and what stands in its place after the edit."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    before: str = Field(alias="from")
    after: str = Field(alias="to")


def apply_changes(changes: Sequence[Change], text: str) -> str:
    """Return a text with the changes; each must find its own exactly once."""
    for change in changes:
        assert text.count(change.before) == 1, change
        text = text.replace(change.before, change.after)
    return text


def edited_copy(original: Path, changes: Sequence[Change], copy: Path) -> Path:
    """Copy the folder of an app, apply the changes in order, each in the one file that has its text, and return it."""
    shutil.copytree(original, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for change in changes:
        texts = {file: file.read_text(encoding="utf-8") for file in copy.rglob("*") if file.suffix in CODE}
        (file,) = [file for file, text in texts.items() if change.before in text]
        file.write_text(apply_changes([change], texts[file]), encoding="utf-8")
    return copy
