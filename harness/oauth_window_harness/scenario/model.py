"""A scenario: how window, provider, event and API behave, and what the page must do."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

#: A step of the user. The window goes through Facebook's pages one step at a time; ``linger`` leaves it open until the
#: page has told its user something, or the patience has passed.
Step = Literal["click", "log-in", "continue", "approve", "cancel", "linger", "close"]

#: Who can hold a reference to the page: a frame in the page, another window, and the page's own popup after it has gone
#: to another origin.
Sender = Literal["frame", "window", "popup"]

#: When an intruder posts: before the first click, while the window is open, or after the user has been told.
Moment = Literal["before-click", "in-flow", "after-end"]

#: The values of Cross-Origin-Opener-Policy that cut an opener (HTML Standard, §7.1.3).
OpenerPolicy = Literal["same-origin", "same-origin-allow-popups"]

#: A fault of the network: the connection is reset before the answer, or ended in the middle of it.
NetworkFault = Literal["reset", "truncated"]

#: The origin of a sandboxed document, as scripts see it (HTML Standard, §7.1.1).
NULL_ORIGIN = "null"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answers(_Part):
    """Which contract fixtures the service replays."""

    start: str = Field(default="start-302", description="the fixture that start answers with")
    account: tuple[str, ...] = Field(
        default=("account-200",),
        min_length=1,
        description="the fixture of the account GET; of a list, one after another, and the last again and again",
        json_schema_extra=lambda schema: schema.update(type=["string", "array"]),
    )
    accounts: str | None = Field(
        default=None,
        description="the fixture of the list of accounts once the finish page was reached; by default the error or the "
        "fault of the account GET, else a list that follows from it",
    )
    delay: float = Field(default=0, ge=0, le=60, description="how long the account GET takes, in seconds")
    fault: NetworkFault | None = Field(default=None, description="what happens to the account GET's answer on the way")

    @field_validator("account", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        if isinstance(value, str):
            return (value,)
        return tuple(value) if isinstance(value, list) else value


class Provider(_Part):
    """How Facebook behaves."""

    login: bool = Field(default=False, description="whether it asks the user to log in before the consent")
    detour: bool = Field(default=False, description="whether it shows a privacy page before the consent, as in the EU")
    error: bool = Field(default=False, description="whether it shows an error page instead of the consent")
    state: Literal["plain", "signed"] = Field(
        default="plain", description="the form of `state`: seven values joined by commas, or signed base64url"
    )
    opener_policy: OpenerPolicy | None = Field(
        default=None, description="the Cross-Origin-Opener-Policy of Facebook's pages"
    )


class Finish(_Part):
    """What the finish page does."""

    posts: tuple[str, ...] = Field(
        default=("event",),
        description="the event fixtures that it posts to its opener; after a cancel, where this key is there",
    )
    window: Literal["same", "new"] = Field(
        default="same",
        description="which window posts: the one that start opened, or a new one that the finish page opens, as one "
        "integrator retells it; then `event.source` is not the window that the page holds, and a page may refuse it",
    )
    delay: float = Field(default=0, ge=0, le=60, description="how long after its loading it posts, in seconds")
    closes: bool = Field(
        default=True, description="whether the window closes after that; without an opener it stays open"
    )
    opener_policy: OpenerPolicy | None = Field(
        default=None, description="the Cross-Origin-Opener-Policy of the finish page"
    )


class Intruder(_Part):
    """Other documents that post to the page: forgers, and widgets that make noise."""

    when: Moment = Field(
        default="in-flow",
        description="before the first click, while the window is open, or after the user has been told",
    )
    senders: tuple[Sender, ...] = Field(min_length=1, description="from where it posts")
    origins: tuple[str, ...] = Field(
        min_length=1, description="the origins that post, one after another; `null` is a sandboxed document's"
    )
    posts: tuple[str, ...] = Field(
        default=("event-forged", "event-forged-underscore", "event-forged-json-string"),
        min_length=1,
        description="the event fixtures that each of them posts",
    )

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            scheme, separator, host = origin.partition("://")
            well_formed = scheme in ("http", "https") and separator and host and "/" not in host and ":" not in host
            if origin != NULL_ORIGIN and not well_formed:
                raise ValueError(f"{origin!r} is not an origin: write https://HOST or http://HOST, or null in quotes")
        return origins


class Expect(_Part):
    """What the page must do."""

    outcome: Literal["connected", "not-connected"] = Field(
        description="whether the page must say that it is connected; where it must not, it must tell its user so; "
        "`connected` without a follow-up is what a page must say that asks for the list of accounts"
    )
    follow_up: bool = Field(description="whether the account GET must come")


class Scenario(_Part):
    """One story. Its name is its file's name without ``.yaml``."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="lower-case words joined by hyphens")
    title: str = Field(min_length=1, description="the story in one sentence")
    tags: tuple[str, ...] = Field(default=(), description="the groups that it belongs to")
    user: tuple[Step, ...] = Field(default=("click", "approve"), min_length=1, description="what the user does")
    blocked: bool = Field(default=False, description="whether the browser blocks the window: window.open returns null")
    answers: Answers = Answers()
    provider: Provider = Provider()
    finish: Finish = Finish()
    intruder: Intruder | None = Field(default=None, description="who else posts to the page")
    expect: Expect

    @model_validator(mode="after")
    def _begins_with_a_click(self) -> Self:
        if self.user[0] != "click":
            raise ValueError("the user's first step is 'click': nothing opens the window before it")
        return self

    def fixtures(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names of the exchange fixtures and of the event fixtures that it replays."""
        forgeries = self.intruder.posts if self.intruder else ()
        listed = (self.answers.accounts,) if self.answers.accounts is not None else ()
        return (self.answers.start, *self.answers.account, *listed), (*self.finish.posts, *forgeries)

    @property
    def feedback_delay(self) -> float:
        """How much later than without delays the page can know the outcome, in seconds."""
        return self.finish.delay + self.answers.delay

    def opener_is_cut(self) -> bool:
        """Return whether the provider or the finish page cuts the opener, so that no event can arrive."""
        return self.provider.opener_policy is not None or self.finish.opener_policy is not None
