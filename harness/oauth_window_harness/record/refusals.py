"""What redaction refuses, gathered, so that one error names all of it and one more command answers it."""

from __future__ import annotations

from dataclasses import dataclass, field

from oauth_window_harness.errors import UnredactedError
from oauth_window_harness.record.known_fields import FIELD_NAME

#: How an error shows a name that does not have the shape of a field's.
PERSONAL_NAME = "a name that may be personal itself"


@dataclass(frozen=True)
class Refusal:
    """One field, or parameter, that redaction cannot judge.

    Attributes:
        what: what is wrong with it, as one clause.
        where: the file, and the place in it.
        seen: the type of its value, and nothing of the value itself.
        name: the name by which the user can give its rule; a name that may be personal itself is shown to nobody.
        todo: what to do if the name cannot be given.
    """

    what: str
    where: str
    seen: str
    name: str
    todo: str = "report it to the maintainers of oauth-window-harness"

    @property
    def is_nameable(self) -> bool:
        """Whether ``--field`` can name it."""
        return FIELD_NAME.fullmatch(self.name) is not None


@dataclass
class Refusals:
    """The refusals of one recording, the first of each name."""

    _by_name: dict[str, Refusal] = field(default_factory=dict)

    def add(self, refusal: Refusal) -> None:
        """Keep a refusal, unless the same name was refused before: one rule answers both."""
        self._by_name.setdefault(refusal.name if refusal.is_nameable else refusal.where, refusal)

    def check(self) -> None:
        """Check that nothing was refused.

        Raises:
            UnredactedError: something was; the error names each.
        """
        refusals = list(self._by_name.values())
        if not refusals:
            return
        unnameable = next((one for one in refusals if not one.is_nameable), None)
        names = () if unnameable else tuple(one.name for one in refusals)
        what = refusals[0].what if len(refusals) == 1 else f"{len(refusals)} fields that redaction does not know"
        error = UnredactedError(
            f"{what}, so nothing was written",
            where="; ".join(one.where for one in refusals),
            seen="; ".join(one.seen for one in refusals),
            todo=unnameable.todo if unnameable else _options(names),
        )
        error.fields = names
        raise error


def _options(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"look at what it holds, and pass `--field {names[0]}=keep` or `--field {names[0]}=pseudonym`"
    options = " ".join(f"--field {name}=pseudonym" for name in names)
    return f"look at what they hold, and pass `{options}`; `keep` instead of `pseudonym` keeps what may stay"
