"""The errors of the harness, each with the exit code with which it ends the command.

HarnessError
├── UsageError (2)            a name, option or value that cannot be used
│   └── BadFileError (2)      a scenario or fixture file that cannot be read, with file and line
├── EnvironmentFaultError (3)   something that the run needs is missing
│   ├── BrowserMissingError
│   ├── EndpointError         a browser elsewhere does not answer, or cannot be used
│   │   └── EndpointsGoneError   and none is left
│   ├── PortTakenError
│   ├── AppUnreachableError
│   ├── ServerEndedError        the harness's own stub, its gateway or Playwright's program
│   ├── UpstreamError
│   ├── UnredactedError       something personal might be left in a recording
│   └── OutputError
├── CannotJudgeError (3)      the run is in order, but this scenario cannot be judged: verdict ``broken``
└── NotSeenError              what a test waited for did not happen
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """The command's exit codes; users' CI files depend on them."""

    HELD = 0
    FOUND = 1
    USAGE = 2
    ENVIRONMENT = 3
    INTERRUPTED = 130


class HarnessError(Exception):
    """An error in four parts: what, where, what was seen, what to do.

    Attributes:
        what: what went wrong, as one short clause.
        where: the file and line, option, step or address.
        seen: what was there instead; empty where there is nothing more to say.
        todo: what the user can do about it.
        further: the errors found at the same time, such as further faults of one file.
    """

    exit_code: ExitCode = ExitCode.FOUND

    def __init__(
        self, what: str, *, where: str = "", seen: str = "", todo: str = "", further: Sequence[HarnessError] = ()
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.seen = seen
        self.todo = todo
        self.further = tuple(further)

    def parts(self) -> list[tuple[str, str]]:
        """Return the parts that are not empty as pairs of name and text, followed by those of the further errors."""
        parts = [("error", self.what), ("where", self.where), ("seen", self.seen), ("to do", self.todo)]
        own = [(name, text) for name, text in parts if text]
        return own + [part for error in self.further for part in error.parts()]

    def __str__(self) -> str:
        return "; ".join(text if name == "error" else f"{name}: {text}" for name, text in self.parts())


class UsageError(HarnessError):
    """A name, an option or a value that cannot be used."""

    exit_code = ExitCode.USAGE


class BadFileError(UsageError):
    """A file of the user's that cannot be read, or whose content is invalid."""


class EnvironmentFaultError(HarnessError):
    """Something outside the command that the run needs is missing or does not work."""

    exit_code = ExitCode.ENVIRONMENT


class BrowserMissingError(EnvironmentFaultError):
    """No browser could be found or started."""


class EndpointError(EnvironmentFaultError):
    """A browser that was started elsewhere does not answer, or not as one that can be driven."""


class EndpointsGoneError(EndpointError):
    """Every browser that was started elsewhere has gone: nothing more can be played."""


class PortTakenError(EnvironmentFaultError):
    """Another program listens on the port that was asked for."""


class AppUnreachableError(EnvironmentFaultError):
    """The app under test does not answer, or answers with something else than a page."""

    @classmethod
    def at_start(cls, where: str, error: OSError) -> AppUnreachableError:
        """Return the error of a command that the system does not start."""
        return cls(
            "the app cannot be started",
            where=where,
            seen=error.strerror or str(error),
            todo="name a program that is installed, by its name on PATH or by its path; no shell reads the command, so "
            "what a shell would do, such as `&&`, needs one: `sh -c '…'`",
        )


class ServerEndedError(EnvironmentFaultError):
    """A program or a thread of the harness's own, without which nothing can be judged, has ended by itself."""

    def __init__(self, what: str, *, seen: str = "") -> None:
        super().__init__(
            what, where="the harness itself", seen=seen, todo="run it again; the machine may be short of memory"
        )


class UpstreamError(EnvironmentFaultError):
    """The service that fixtures are recorded from or compared with does not answer, or gives no usable answer."""


class UnredactedError(EnvironmentFaultError):
    """A recording might still contain something secret or personal; none of it is written.

    Attributes:
        fields: the names of the unknown fields, if ``--field`` with each of them answers the error.
    """

    fields: tuple[str, ...] = ()


class OutputError(EnvironmentFaultError):
    """A folder, or a file in it, cannot be written."""


class CannotJudgeError(HarnessError):
    """The harness cannot tell whether this scenario holds; its verdict is ``broken``, never ``passed``."""

    exit_code = ExitCode.ENVIRONMENT


class NotSeenError(HarnessError):
    """What a test waited for did not happen within the patience."""

    def __str__(self) -> str:
        # One line for each part, as a failed test shows it.
        return "\n".join(text if name == "error" else f"  {name}: {text}" for name, text in self.parts())
