"""``oauth-window record``: makes a folder of fixtures without secrets, from a person's login or an account's id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.fixture import EventFixture, Exchange
from oauth_window_harness.errors import BrowserMissingError, UpstreamError, UsageError
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.record.deviations import Deviation, deviations
from oauth_window_harness.record.exchanges import ExchangeRecorder, suppress_logs
from oauth_window_harness.record.folder import check_writable, encode_fixtures, write
from oauth_window_harness.record.known_fields import Rule
from oauth_window_harness.record.redaction import Redaction
from oauth_window_harness.record.unredacted import Personal, RawExchange, RawMessage
from oauth_window_harness.service.request import LiveValues
from oauth_window_harness.service.upstream import PATIENCE, Upstream, bearer

#: The service's origin.
LIVE = rules.ORIGIN

#: The folder that fixtures are written to by default.
FOLDER = Path("oauth-window-fixtures")

STATUSES = (200, 400, 401, 422)
APIS = ("2021-07-28", "v3")

Tell = Callable[[str], None]

#: The error's clause and its remedy for a window that posted no event, by how the window ended.
_NO_EVENT: Mapping[str, tuple[str, str]] = {
    "window-closed": ("the window was closed, and had posted nothing", "run it again, and approve in the window"),
    "browser-closed": ("the browser was closed, and the window had posted nothing", "run it again, and leave it open"),
    "patience": ("nobody went through the window in time", "run it again, or wait longer with --patience"),
    "refused": ("start refused the window", "check that --location and --user are right"),
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class RecordOptions:
    """The options of ``oauth-window record``, which docs/record.md explains."""

    location: str
    token: str
    user: str | None = None
    account: str | None = None
    platform: str = "facebook"
    api: str = "2021-07-28"
    upstream: str = LIVE
    statuses: tuple[int, ...] = STATUSES
    out: Path = FOLDER
    headed: bool = True
    executable: str | None = None
    patience: float = 300.0
    field_rules: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True)
class Recording:
    """The result of a recording.

    Attributes:
        folder: the folder that was written.
        fixtures: the fixtures that were written, by name.
        deviations: the differences from the documented contract.
    """

    folder: Path
    fixtures: Mapping[str, Exchange | EventFixture]
    deviations: Sequence[Deviation]


async def record(options: RecordOptions, tell: Tell) -> Recording:
    """Record fixtures and write them to a folder.

    Args:
        options: the options of the command.
        tell: called with sentences about the progress, without anything personal.

    Raises:
        UsageError: an option is invalid.
        UpstreamError: the service does not answer, or no event came.
        BrowserMissingError: there is no browser to open the window in.
        UnredactedError: something secret might be left; nothing was written.
        OutputError: the folder cannot be written; nothing was written.
    """
    _check(options)
    check_writable(options.out)
    with suppress_logs():
        messages, exchanges, personal, origin = await _collect(options, tell)
    redaction = _redaction(options, personal, origin)
    fixtures = redaction.fixtures(messages, exchanges)
    files = encode_fixtures(fixtures, redaction.pseudonyms.originals())
    write(options.out, files, _obsolete_files(fixtures))
    return Recording(options.out, fixtures, deviations(fixtures))


async def _collect(options: RecordOptions, tell: Tell) -> tuple[list[RawMessage], list[RawExchange], Personal, str]:
    """Return the messages, the exchanges, the personal values, and the service's origin."""
    messages: list[RawMessage] = []
    exchanges: list[RawExchange] = []
    account, opener = options.account, None
    async with Upstream(options.upstream, patience=min(options.patience, PATIENCE)) as upstream:
        bearer(options.token)  # an invalid token is reported before anybody logs in
        recorder = ExchangeRecorder(
            upstream, options.api, LiveValues(options.token, options.location, options.user), tell
        )
        if account is None:
            if (start := await recorder.start()) is not None:
                # A redirect that redaction does not know is reported before anybody logs in.
                _redaction(options, Personal(options.location, options.token), upstream.origin).fixtures([], [start])
                exchanges.append(start)
            messages, opener = await _window(options, upstream.origin, tell)
            account = next((named for seen in messages if (named := rules.account_of(seen.data))), None)
        # A person logged in for the event, so it is kept even if its follow-up fails.
        for status in options.statuses:
            seen = await recorder.account(status, account, must_succeed=options.account is not None)
            exchanges += [seen] if seen else []
    personal = Personal(options.location, options.token, options.user, account, opener)
    return messages, exchanges, personal, upstream.origin


def _redaction(options: RecordOptions, personal: Personal, origin: str) -> Redaction:
    day = datetime.now(UTC).date()
    return Redaction(
        personal, platform=options.platform, api=options.api, upstream=origin, day=day, field_rules=options.field_rules
    )


def _check(options: RecordOptions) -> None:
    for name, known, values in (
        ("--platform", tuple(rules.PLATFORMS), [options.platform]),
        ("--api", APIS, [options.api]),
        ("--statuses", tuple(map(str, STATUSES)), [str(status) for status in options.statuses] or [""]),
    ):
        unknown = [value for value in values if value not in known]
        if unknown:
            seen = ", ".join(unknown)
            raise UsageError(
                "the value cannot be recorded", where=name, seen=seen, todo=f"choose one of: {', '.join(known)}"
            )
    for name, value in (("--location", options.location), ("--user", options.user), ("--account-id", options.account)):
        if value is not None and (not value.strip() or not value.isprintable()):
            raise UsageError("the id is invalid", where=name, todo="write the id as the service shows it")
    if options.account is None and not options.user:
        todo = "name the user who connects with --user, or record without a window with --account-id"
        raise UsageError("the window needs a user", where="--user", todo=todo)


async def _window(options: RecordOptions, origin: str, tell: Tell) -> tuple[list[RawMessage], str]:
    """Wait while a person goes through the window; return its messages and the origin of the page that opened it."""
    # Playwright is loaded here and not before: recording by HTTP alone needs no browser.
    from oauth_window_harness.drivers.playwright.capture import capture, opener  # noqa: PLC0415

    query = urlencode({"locationId": options.location, "userId": options.user, "page": "integration"})
    start = f"{origin}{rules.START_PATH.replace('<platform>', quote(options.platform))}?{query}"
    tell(
        "A browser opens. Log in to Facebook in its small window, and approve as your own user would; "
        f"close it to give up. It waits {options.patience:g} s."
    )
    with LoopbackServer(opener(start)) as server:
        page = f"http://{LOOPBACK}:{server.port}"
        try:
            captured = await capture(
                f"{page}/",
                start,
                executable=options.executable,
                headed=options.headed,
                patience=options.patience,
                tell=tell,
            )
        except BrowserMissingError as error:
            todo = "record where there is a screen" if "display" in error.seen else error.todo
            raise BrowserMissingError(
                error.what, where=error.where, seen=error.seen, todo=f"{todo}, or without a window with --account-id"
            ) from None
    if not captured.messages:
        what, todo = _NO_EVENT[captured.end]
        seen = f"status {captured.refusal_status}" if captured.refusal_status else "no message"
        raise UpstreamError(f"{what}, so nothing was written", where=origin, seen=seen, todo=todo)
    event = next((seen for seen in captured.messages if rules.account_of(seen.data)), captured.messages[0])
    others = [seen for seen in captured.messages if seen is not event]
    named = [("event", "The event, as the window posted it", event)]
    named += [(f"message-{number}", "Another message of the window", other) for number, other in enumerate(others, 1)]
    return [RawMessage(name, title, seen.data, seen.origin, seen.target_origin) for name, title, seen in named], page


def _obsolete_files(fixtures: Mapping[str, Exchange | EventFixture]) -> list[str]:
    """Return the patterns of an earlier recording's files that these fixtures replace."""
    bases = {name.partition("-was-")[0] for name, fixture in fixtures.items() if isinstance(fixture, Exchange)}
    old = [f"{base}{rest}.json" for base in sorted(bases) for rest in ("", "-was-[0-9][0-9][0-9]")]
    return [*old, "message-[0-9]*.json"] if "event" in fixtures else old
