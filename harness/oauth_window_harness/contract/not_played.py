"""What the vendor documents or was seen to serve beside the window that is played here."""

from __future__ import annotations

from collections.abc import Mapping

#: The other platforms of the family, each with the key of the connectable things in its account GET's 200.
OTHER_PLATFORMS: Mapping[str, str] = {
    "instagram": "accounts",
    "google": "locations",
    "linkedin": "pages",
    "tiktok": "profile",
    "tiktok-business": "profile",
    "twitter": "profile",
    "youtube": "profile",
    "pinterest": "profile",
    "threads": "accounts",
    "bluesky": "accounts",
}

#: The window of the vendor's page of integrations: what it posts is unknown.
OTHER_WINDOW = "/integrations/oauth/start"

USERS_PATH = "/users/"

#: A location's own data, which backends read before the flow, for its name.
LOCATION_PATH = "/locations/<location>"

#: Where backends exchange a refresh token for an access token.
TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path

#: What stands in the place of the account GET for Google, as documented.
GOOGLE_LOCATIONS_PATH = "/social-media-posting/oauth/<location>/<any(google):platform>/locations/<account>"
