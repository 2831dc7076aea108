"""The places of a page's text: what stood in each of them, moment after moment, and which of them take turns."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import median

from oauth_window_harness.journal.texts import TimerRun

#: How many changes without any cause prove that a place changes by itself.
_TURNS = 3

#: How many lines take turns, at least, if one of them is new: with two of them, one flashes.
_LINES = 3

#: By what part of the usual time, and by how many seconds, one change may come earlier or later than the others.
_UNEVEN, _LATE = 0.25, 0.15

#: How many places may be empty between two: a line that is shown elsewhere as well is not told apart there.
_MISSED = 2


@dataclass(frozen=True)
class Showing:
    """What a place shows from a moment on.

    Attributes:
        prompted: whether something had just happened that may have caused it, and no timer did that had run before.
        run: the run of the page's timer that has shown it, if one has.
    """

    at: float
    line: str
    prompted: bool
    run: TimerRun | None = None


@dataclass
class Places:
    """The places of a page, each with all that it has shown: a line in the stead of another is at its place.

    Args:
        is_prompted: returns whether something had just happened, at a moment, that may cause a change.
    """

    is_prompted: Callable[[float], bool]
    _shown: dict[int, list[Showing]] = field(default_factory=dict)
    _changed: dict[int, list[tuple[float, bool]]] = field(default_factory=dict)
    _left: dict[tuple[int, int], int] = field(default_factory=dict)
    _run: TimerRun | None = None
    _lines: tuple[str, ...] = ()
    _places: tuple[int, ...] = ()

    def take(self, at: float, lines: tuple[str, ...], run: TimerRun | None = None) -> dict[str, int]:
        """Take the lines that the page shows from a moment on, by a timer's run or not; return the place of each."""
        places: list[int] = []
        self._run = run
        for tag, first, last, begin, end in _edits(self._lines, lines):
            old = self._places[first:last]
            if tag == "equal":
                places += old
                continue
            following = self._places[last] if last < len(self._places) else 0
            for place, line in zip(old, lines[begin:end], strict=False):
                self._show(place, at, line)
                places.append(place)
            for line in lines[begin + len(old) : end]:
                places.append(self._place_between(places[-1] if places else 0, following))
                self._show(places[-1], at, line)
            before = places[-1] if places else 0
            for place in old[end - begin :]:
                self._left[before, following] = place
                self._changed[place].append((at, self._is_prompted_now(at)))
                before = place
        self._lines, self._places = lines, tuple(places)
        return dict(zip(lines, places, strict=True))

    def last_changes(self, place: int) -> Sequence[float]:
        """Return the moments of the last changes of a place: of what came, what went, and what came again."""
        return [at for at, _ in self._changed[place][-3:]]

    def is_prompted_place(self, place: int, at: float) -> bool:
        """Return whether what a place shows at a moment was prompted, as all was that it showed before.

        What it showed first proves nothing, but where it is the only thing.
        """
        shown = [one.prompted for one in self._shown[place] if one.at <= at]
        gone = [prompted for changed, prompted in self._changed[place] if changed <= at][-1:]
        return all((*shown[1:], *gone)) and (len(shown) > 2 or shown[0])  # noqa: PLR2004

    def takes_turns(self, place: int, since: float) -> bool:
        """Return whether a place shows several lines in turn by itself, as it did before a moment.

        It has changed often enough without any cause, at about equal intervals; it has come back to a line that it
        showed before the moment; and what it has shown since for the first time, it has shown again. So a line that is
        shown once is not one of these, nor is one that goes on and off: it says something.
        """
        shown = self._shown[place]
        before = [one for one in shown if one.at <= since]
        after = shown[len(before) :]
        known = {one.line for one in before}
        if not before or not any(one.line in known for one in after):
            return False
        new = Counter(one.line for one in after if one.line not in known)
        if new and (len({one.line for one in after}) < _LINES or min(new.values()) == 1):
            return False
        if any(one.prompted for one in after if new[one.line]) and not any(map(_is_own, before[1:])):
            return False
        return _is_even(before, after)

    def _place_between(self, before: int, following: int) -> int:
        place = self._left.pop((before, following), None)
        return len(self._shown) + 1 if place is None else place

    def _show(self, place: int, at: float, line: str) -> None:
        prompted = self._is_prompted_now(at)
        self._shown.setdefault(place, []).append(Showing(at, line, prompted, self._run))
        self._changed.setdefault(place, []).append((at, prompted))

    def _is_prompted_now(self, at: float) -> bool:
        """Return whether something had just happened; a timer that had run before runs for no such reason."""
        return self.is_prompted(at) and (self._run is None or self._run.count == 1)


def _is_own(shown: Showing) -> bool:
    return not shown.prompted


def _is_even(before: Sequence[Showing], after: Sequence[Showing]) -> bool:
    """Return whether the changes come at about equal intervals, from the last one before the moment on.

    Where one timer made them, its runs are what is counted: a busy machine lets them come when it can.
    """
    shown = [*before, *after]
    timed = [one.run for one in shown if one.run is not None and one.run.since == _timer_of(after)]
    if len(timed) >= max(len(after), _TURNS):
        return all(later.count - run.count <= _MISSED for run, later in pairwise(timed))
    gaps = [later.at - one.at for one, later in pairwise(shown)]
    beat = median(gaps[-max(len(after), _TURNS) :])
    if (
        not all(_is_beat(gap, beat) for gap in gaps[len(before) :])
        or gaps[len(before) - 1] > beat * (1 + _UNEVEN) + _LATE
    ):
        return False
    first = len(before) - 1
    while first > 0 and _is_beat(gaps[first - 1], beat):
        first -= 1
    return sum(map(_is_own, shown[first + 1 :])) >= _TURNS


def _timer_of(shown: Sequence[Showing]) -> float | None:
    """Return since when the one timer has been set that made all of these; None if there is no such timer."""
    timers = {one.run.since if one.run is not None else None for one in shown}
    return timers.pop() if len(timers) == 1 else None


def _is_beat(gap: float, beat: float) -> bool:
    beats = min(max(round(gap / beat), 1), _MISSED) if beat else 1
    return abs(gap - beats * beat) <= beat * _UNEVEN + _LATE


@functools.lru_cache(maxsize=512)
def _edits(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[str, int, int, int, int], ...]:
    """Return how one text becomes another: (tag, first, last, begin, end), as `difflib` has it."""
    return tuple(_found_edits(old, new))


def _found_edits(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[str, int, int, int, int]]:
    same = next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    yield "equal", 0, same, 0, same
    rest_old, rest_new = old[same:], new[same:]
    matcher = SequenceMatcher(None, rest_old, rest_new, autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        yield tag, first + same, last + same, begin + same, end + same
