"""A scenario: one story of how window, provider, event and API behave, and what the page must do."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

#: What the user does next. The window is followed through login and consent one step at a time.
Step = Literal["click", "log-in", "approve", "cancel", "close"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answers(_Part):
    """Which contract fixtures the service replays."""

    start: str = Field(default="start-302", description="the fixture that start answers with")
    account: tuple[str, ...] = Field(
        default=("account-200",),
        min_length=1,
        description="the fixture of the account GET; of a list, one after another, and the last again and again",
    )

    @field_validator("account", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class Provider(_Part):
    """How Facebook behaves."""

    login: bool = Field(default=False, description="whether it asks the user to log in before the consent")


class Finish(_Part):
    """What the finish page does."""

    posts: tuple[str, ...] = Field(default=("event",), description="the event fixtures that it posts to its opener")
    closes: bool = Field(default=True, description="whether the window closes after that")


class Expect(_Part):
    """What the page must do."""

    outcome: Literal["connected", "not-connected"] = Field(
        description="whether the page must say that it is connected; where it must not, it must tell its user so"
    )
    follow_up: bool = Field(description="whether the account GET must come")


class Scenario(_Part):
    """One story. Its name is its file's name without ``.yaml``."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="lower-case words joined by hyphens")
    title: str = Field(min_length=1, description="the story in one sentence")
    tags: tuple[str, ...] = Field(default=(), description="the groups that it belongs to")
    user: tuple[Step, ...] = Field(default=("click", "approve"), min_length=1, description="what the user does")
    answers: Answers = Answers()
    provider: Provider = Provider()
    finish: Finish = Finish()
    expect: Expect

    @model_validator(mode="after")
    def _begins_with_a_click(self) -> Self:
        if self.user[0] != "click":
            raise ValueError("the user's first step is 'click': nothing opens the window before it")
        return self
