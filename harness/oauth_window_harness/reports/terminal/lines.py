"""How lines are printed: wrapped or cut to a terminal's width, and whole everywhere else."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from oauth_window_harness import streams
from oauth_window_harness.results.model import Verdict

#: The mark of each verdict, and its style.
_MARKS: Mapping[Verdict, tuple[str, str]] = {
    "passed": ("✓", "green"),
    "warned": ("!", "yellow"),
    "failed": ("✗", "red"),
    "skipped": ("-", "bright_black"),
    "broken": ("?", "magenta"),
}

#: The length of a line where no terminal sets it, in characters: for lists of names, which are cut there too.
_LIST = 100


class Lines:
    """Prints the lines of the report; a log, a pipe and a file get each of them whole."""

    def __init__(self, console: Console) -> None:
        self.console = console
        # Colours may be forced upon a pipe, which has no width all the same.
        self.on_terminal = console.file.isatty()

    @property
    def list_length(self) -> int:
        """How many characters of a list of names fit on one line, beside the words around it."""
        return max(self.console.width - 20, 20) if self.on_terminal else _LIST

    def mark(self, verdict: Verdict) -> tuple[str, str]:
        """Return the mark of a verdict, such as the output can hold, and its style."""
        mark, style = _MARKS[verdict]
        try:
            mark.encode(self.console.encoding)
        except (UnicodeError, LookupError):
            return streams.plain(mark), style
        return mark, style

    def blank(self) -> None:
        """Print an empty line."""
        self.console.print()

    def paragraph(self, text: Text, indent: int = 0) -> None:
        """Print a text, wrapped to the width of a terminal."""
        if self.on_terminal:
            self.console.print(Padding(text, (0, 0, 0, indent), expand=False))
        else:
            self.whole(text, indent)

    def cut(self, text: Text) -> None:
        """Print a text on one line, cut at the width of a terminal."""
        if self.on_terminal:
            self.console.print(text, no_wrap=True, overflow="ellipsis")
        else:
            self.whole(text)

    def whole(self, text: Text, indent: int = 0) -> None:
        """Print a text that is to be copied: it has no line breaks of ours, and is never cut."""
        self.console.print(Text.assemble(" " * indent, text), soft_wrap=True)
