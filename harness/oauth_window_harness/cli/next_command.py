"""The command that comes after a verification."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from oauth_window_harness.contract.rules import LEADCONNECTOR
from oauth_window_harness.results.drift import Drift
from oauth_window_harness.verify.verification import VerifyOptions

_SERVICE = f"https://{LEADCONNECTOR}"


def after(options: VerifyOptions, drift: Drift) -> str:
    """Return the command line: the same again after a rejection, a new recording after drift, else what is left to see.

    Live ids are personal, and are not written out.
    """
    folder = [] if options.fixtures is None else [str(options.fixtures)]
    if drift.rejected:
        return _line("verify", *folder, *_service(options))
    if drift.found:
        return _line("record", *_service(options), *(["--out", *folder] if folder else []))
    if options.upstream is None:
        return _line("verify", *folder, *_service(options))
    return _line("run", *(["--fixtures", *folder] if folder else []))


def _service(options: VerifyOptions) -> Sequence[str]:
    live = ["--location", "LOCATION", "--account-id", "ACCOUNT"]
    start = ["--user", "USER"] if options.live is not None and options.live.user else []
    return ["--upstream", options.upstream or _SERVICE, "--token-env", options.token_env or "NAME", *live, *start]


def _line(*words: str) -> str:
    return shlex.join(["oauth-window", *words])
