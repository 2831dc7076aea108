"""The command that a user may want next: below a failure the one that plays it again, after a verification the next."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from oauth_window_harness.contract.rules import LEADCONNECTOR
from oauth_window_harness.redact import MASK, Redactor
from oauth_window_harness.run.options import RunOptions

if TYPE_CHECKING:
    from oauth_window_harness.record.recording import RecordOptions
    from oauth_window_harness.results.drift import Drift
    from oauth_window_harness.verify.verification import VerifyOptions

_SERVICE = f"https://{LEADCONNECTOR}"
_DEFAULTS = RunOptions()

#: The options of a run that take one value, in the order in which they are written.
_SINGLE = (
    "app", "app_command", "connect", "connected", "failed", "location", "user", "driver", "deliver", "deliver_body",
    "browser", "executable", "storage_state", "patience", "output", "baseline", "fixtures", "repeat", "jobs",
    "artifacts",
)  # fmt: skip


def replay_command(options: RunOptions, defaults: RunOptions = _DEFAULTS) -> list[str]:
    """Return the words of `oauth-window run` with the options that differ from their defaults; never with a secret.

    The name of a scenario is to be added to it.

    Args:
        options: the options of the run that was.
        defaults: the options of a run for which nothing is typed.
    """
    redactor = _redactor(options.token, filter(None, (options.app, options.deliver, *options.endpoint)))
    words = ["oauth-window", "run"]
    for name in _SINGLE:
        value = getattr(options, name)
        if value != getattr(defaults, name):
            text = f"{value:g}" if isinstance(value, float) else str(value)
            words += [f"--{name.replace('_', '-')}", redactor.text(text)]
    for name in ("before", "then", "allow", "endpoint"):
        if getattr(options, name) != getattr(defaults, name):
            words += [word for value in getattr(options, name) for word in (f"--{name}", redactor.text(value))]
    if options.token and not (options.token_env and options.token_env == defaults.token_env):
        words += ["--token-env", options.token_env or "NAME"]
    for name in ("headed", "play_all", "exitfirst", "strict_warnings"):
        if (value := getattr(options, name)) != getattr(defaults, name):
            words.append(f"--{'' if value else 'no-'}{name.replace('_', '-')}")
    return words


def typed_command(arguments: Sequence[str], token: str | None) -> str:
    """Return the command line as it was typed, without the token and what its addresses hold of secrets.

    Args:
        arguments: the words after the name of the program.
        token: the token of the run, wherever it came from.
    """
    redactor = _redactor(token, arguments)
    words = list(arguments)
    for place, word in enumerate(words):
        if place and words[place - 1] == "--token":
            words[place] = MASK
        elif word.startswith("--token="):
            words[place] = f"--token={MASK}"
    return redactor.text(_command_line(*words))


def _redactor(token: str | None, addresses: Iterable[str]) -> Redactor:
    redactor = Redactor([token] if token else [])
    for address in addresses:
        redactor.learn_address(address)
    return redactor


def after_verification(options: VerifyOptions, drift: Drift) -> str:
    """Return the command line: the same again after a rejection, a new recording after drift, else the check not made.

    Live ids are personal, and are not written out.
    """
    folder = [] if options.fixtures is None else [str(options.fixtures)]
    if drift.rejected:
        return _command_line("verify", *folder, *_service(options))
    if drift.is_drift:
        return _command_line("record", *_service(options), *(["--out", *folder] if folder else []))
    if options.upstream is None:
        return _command_line("verify", *folder, *_service(options))
    return _command_line("run", *(["--fixtures", *folder] if folder else []))


def recording_command(options: RecordOptions, token_env: str, fields: Sequence[str]) -> str:
    """Return the command line of a recording that gives further fields a rule; live ids are not written out.

    Args:
        options: the options of the recording that was.
        token_env: the name of the variable that holds the token.
        fields: the names of the further fields, which become pseudonyms.
    """
    by_http = options.account is not None
    words = ["--account-id", "ACCOUNT"] if by_http else ["--user", "USER"]
    defaults = {field.name: field.default for field in dataclasses.fields(options)}
    for name in ("upstream", "platform", "api", "out", "executable", "patience"):
        if (value := getattr(options, name)) != defaults[name]:
            words += [f"--{name}", f"{value:g}" if isinstance(value, float) else str(value)]
    if options.statuses != defaults["statuses"]:
        words += ["--statuses", ",".join(map(str, options.statuses))]
    words += [] if options.headed else ["--headless"]
    for name, rule in options.field_rules.items():
        words += ["--field", f"{name}={'keep' if rule == 'allowed' else rule}"]
    words += [word for name in fields for word in ("--field", f"{name}=pseudonym")]
    return _command_line("record", "--location", "LOCATION", "--token-env", token_env, *words)


def _service(options: VerifyOptions) -> Sequence[str]:
    live = ["--location", "LOCATION", "--account-id", "ACCOUNT"]
    start = ["--user", "USER"] if options.live is not None and options.live.user else []
    return ["--upstream", options.upstream or _SERVICE, "--token-env", options.token_env or "NAME", *live, *start]


def _command_line(*words: str) -> str:
    return shlex.join(["oauth-window", *words])
