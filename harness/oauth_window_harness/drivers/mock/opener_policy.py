"""Cross-Origin-Opener-Policy: when a navigation leaves the browsing context group, which cuts the opener.

The rules are those of the HTML Standard, §7.1.3 ("Cross-origin opener policies").
"""

from __future__ import annotations

from dataclasses import dataclass

from oauth_window_harness.drivers.mock.origins import OPAQUE, is_same

UNSAFE_NONE = "unsafe-none"
_ALLOW_POPUPS = "same-origin-allow-popups"
_NOOPENER_ALLOW_POPUPS = "noopener-allow-popups"
_KNOWN = (UNSAFE_NONE, "same-origin", _ALLOW_POPUPS, _NOOPENER_ALLOW_POPUPS)


@dataclass(frozen=True)
class OpenerPolicy:
    """The policy of a top-level document, and its origin, which the comparison needs."""

    value: str = UNSAFE_NONE
    origin: str = OPAQUE

    @classmethod
    def of(cls, header: str | None, origin: str) -> OpenerPolicy:
        """Return a response's policy: unsafe-none for an unknown value. Ignore parameters such as report-to."""
        value = (header or "").partition(";")[0].strip()
        # Browsers obey the policy in a secure context only; plain http is one on loopback alone.
        secure = origin.startswith(("https:", "http://localhost", "http://127."))
        return cls(value if value in _KNOWN and secure else UNSAFE_NONE, origin)

    def matches(self, other: OpenerPolicy) -> bool:
        """Return whether two documents may share a browsing context group."""
        if UNSAFE_NONE in (self.value, other.value):
            return self.value == other.value
        return self.value == other.value and is_same(self.origin, other.origin)


def leaves_group(current: OpenerPolicy, response: OpenerPolicy, *, initial_blank: bool) -> bool:
    """Return whether a navigation leaves the browsing context group.

    Args:
        current: the policy of the current document.
        response: the policy of the new document.
        initial_blank: whether the current document is the empty one that a new window starts with.
    """
    if response.value == _NOOPENER_ALLOW_POPUPS and not is_same(current.origin, response.origin):
        return True
    if current.matches(response):
        return False
    opened_by_allowing = current.value in (_ALLOW_POPUPS, _NOOPENER_ALLOW_POPUPS)
    return not (initial_blank and opened_by_allowing and response.value == UNSAFE_NONE)
