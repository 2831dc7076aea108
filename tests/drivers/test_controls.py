"""The control is chosen from those of a page as a person would choose it."""

from __future__ import annotations

import pytest

from oauth_window_harness.drivers.control_words import leaves
from oauth_window_harness.drivers.controls import Candidate, choice, is_within_reach

PAGE = "https://app.example.com/settings"


def button(name: str, **differs: object) -> Candidate:
    selector = f"css=[aria-label='{name}']"
    return Candidate(**{"selector": selector, "name": name, **differs})  # type: ignore[arg-type]


def link(name: str, href: str) -> Candidate:
    return button(name, role="link", href=href)


FACEBOOK = button("Connect Facebook")

#: What a page has, and which of it may open the window.
CHOICES: dict[str, tuple[list[Candidate], list[Candidate]]] = {
    "one that names Facebook": ([button("Help"), FACEBOOK], [FACEBOOK]),
    "a button before a link": ([link("Facebook", "https://app.example.com/facebook"), FACEBOOK], [FACEBOOK]),
    "a link, if it is all there is": (
        [one := link("Connect Facebook", "https://app.example.com/start")], [one],
    ),
    "a link to the service": (
        [one := link("Facebook", "https://services.leadconnectorhq.com/social-media-posting/oauth/facebook/start")],
        [one],
    ),
    "no link to a company's own page": ([link("Facebook", "https://www.facebook.com/acme")], []),
    "no link to another site": ([link("Facebook", "https://share.example.org/facebook")], []),
    "an enabled one before a disabled one": (
        [button("Facebook", enabled=False), one := button("Facebook", selector="css=#b")], [one],
    ),
    "a disabled one rather than a link to somewhere": (
        [one := button("Connect Facebook", enabled=False), link("Facebook help", "/help/facebook")], [one],
    ),
    "a visible one before a hidden one": ([button("Facebook", visible=False), FACEBOOK], [FACEBOOK]),
    "Facebook before Meta": ([button("Meta"), FACEBOOK], [FACEBOOK]),
    "Meta, if nothing names Facebook": ([button("Help"), one := button("Add Meta")], [one]),
    "fb as a word": ([button("fbi"), one := button("Connect FB")], [one]),
    "no word that only contains it": ([button("Facebookish"), button("metadata")], []),
    "a word beside another script": ([one := button("Facebookと連携する")], [one]),
    "another script": ([one := button("फेसबुक जोड़ें")], [one]),
    "the inner one of two": (
        [
            button("Facebook", selector="css=html > li:nth-child(1)"),
            one := button("Facebook", selector="css=html > li:nth-child(1) > button:nth-child(1)"),
        ],
        [one],
    ),
    "not the one that undoes it": ([button("Disconnect Facebook"), FACEBOOK], [FACEBOOK]),
    "the one in the row of Facebook": (
        [button("Connect", context="Instagram Connect", selector="css=#i"),
         one := button("Connect", context="Facebook Connect", selector="css=#f")], [one],
    ),
    "the only one that connects": ([button("Save"), one := button("Connect an account")], [one]),
    "several that are equal": (
        [one := button("Facebook", selector="css=#a"), other := button("Facebook", selector="css=#b")], [one, other],
    ),
    "not a tab": ([button("Facebook", role="tab"), one := button("Connect account")], [one]),
    "nothing, where only a tab names Facebook": ([button("Facebook", role="tab"), button("Save")], []),
    "not one that shares": (
        [button("Share on Facebook"), button("Auf Facebook teilen"), button("Follow us on Facebook"),
         one := button("Connect", context="Facebook Post to your pages")], [one],
    ),
    "not one that ends a connection": ([button("Disconnect Facebook"), button("Déconnecter Facebook")], []),
    "one that connects in order to share": ([one := button("Connect Facebook to share posts")], [one]),
    "a card that says what can be shared": ([one := button("Facebook Share posts and reels with your pages")], [one]),
    "not a link of a menu": (
        [link("Facebook", "https://app.example.com/guides/facebook.html"), one := button("Connect account")], [one],
    ),
    "nothing, where only a link of a menu names Facebook": (
        [link("Facebook", "https://app.example.com/guides/connect/facebook"), button("Save")], [],
    ),
    "a button in Facebook's row before a link to a guide": (
        [link("Connect Facebook", "/guides/facebook"), one := button("Connect", context="Facebook")], [one],
    ),
    "a link that is handled": ([one := button("Facebook", role="link", href="/facebook", hinted=True)], [one]),
    "a link to an authorization": ([one := link("Facebook", "/auth/facebook")], [one]),
    "the button of Facebook's card": (
        [button("Link", card="#i", heading="Instagram"), one := button("Link", card="#f", heading="Facebook"),
         button("Settings", card="#f", heading="Facebook"), button("Remove", card="#f", heading="Facebook"),
         button("Zap", card="#f", heading="Facebook", enabled=False), button("", card="#f", heading="Facebook")], [one],
    ),
    "several that may be that of the card": (
        [one := button("Link", card="#f", heading="Facebook"), other := button("Begin", card="#f", heading="Facebook")],
        [one, other],
    ),
    "no button of a card, where something says that it connects": (
        [button("Link", card="#f", heading="Facebook"), one := button("Connect an account")], [one],
    ),
    "no button of a card, where a hidden control names Facebook": (
        [button("Link", card="#f", heading="Facebook"), one := button("Connect Facebook", visible=False)], [one],
    ),
    "nothing of a card that shares": ([button("Begin", card="#f", heading="Share on Facebook")], []),
    "no link of a card": ([button("Link", card="#f", heading="Facebook", role="link", href="/x")], []),
    "nothing that connects": ([button("Save"), button("Connected"), button("Connection")], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CHOICES)
def test_the_control_is_the_one_that_a_person_would_take(name: str) -> None:
    controls, best = CHOICES[name]
    assert list(choice(controls, PAGE).best) == best


@pytest.mark.parametrize(
    ("one", "is_plain"),
    [
        (FACEBOOK, True),
        (button("Connect Facebook", enabled=False), False),
        (link("Connect Facebook", "/start"), False),
        (button("Connect an account"), False),
    ],
)
def test_a_choice_is_plain_where_a_button_names_facebook_and_can_be_used(one: Candidate, is_plain: bool) -> None:
    assert choice([one], PAGE).is_plain() is is_plain


@pytest.mark.parametrize(
    ("href", "is_reached"),
    [
        ("/connect/facebook", True),
        ("https://api.example.com/start", True),
        ("https://backend.leadconnectorhq.com/social-media-posting/oauth/facebook/start", True),
        ("https://www.facebook.com/v18.0/dialog/oauth?client_id=1", True),
        ("https://www.facebook.com/login/oauth", True),
        ("https://www.facebook.com/acme", False),
        ("https://m.facebook.com/acme/", False),
        ("https://www.facebook.com/sharer/dialog/oauth", False),
        ("https://example.org/", False),
        ("mailto:me@example.com", False),
        ("https://[", False),
    ],
)
def test_a_link_to_another_site_is_no_control(href: str, is_reached: bool) -> None:
    assert is_within_reach(href, PAGE) is is_reached


def test_an_app_and_its_api_may_have_a_port_each() -> None:
    assert is_within_reach("http://127.0.0.1:8000/start", "http://localhost:3000/")


def test_controls_are_listed_with_the_nearest_names_first() -> None:
    names = ["Save", "Add social channel", "Integrations"]
    listed = sorted(map(button, names), key=Candidate.nearness)
    assert [one.name for one in listed] == ["Add social channel", "Integrations", "Save"]


@pytest.mark.parametrize(
    ("name", "leaving"),
    [
        ("Cancel", True), ("Close this window", True), ("Go back", True), ("No, thanks", True), ("Abbrechen", True),
        ("キャンセル", True), ("Continue", False), ("Send feedback", False), ("I have no account", False),
        ("Next", False),
    ],
)  # fmt: skip
def test_what_leaves_a_window_is_told_from_what_leads_on(name: str, leaving: bool) -> None:
    assert leaves(name) is leaving
