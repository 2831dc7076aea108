"""The hosts of scripts that only count what users do, and the globals that these define."""

from __future__ import annotations

from urllib.parse import urlsplit

#: A page works without them, and they are refused in nearly every run: as a cause they would hide the real one.
_GLOBALS: dict[str, tuple[str, ...]] = {
    "googletagmanager.com": ("gtag", "dataLayer", "google_tag_manager"),
    "google-analytics.com": ("ga", "gtag"),
    "googleadservices.com": (),
    "doubleclick.net": (),
    "plausible.io": ("plausible",),
    "usefathom.com": ("fathom",),
    "umami.is": ("umami",),
    "goatcounter.com": ("goatcounter",),
    "simpleanalyticscdn.com": ("sa_event",),
    "cloudflareinsights.com": (),
    "segment.com": ("analytics",),
    "mxpnl.com": ("mixpanel",),
    "mixpanel.com": ("mixpanel",),
    "amplitude.com": ("amplitude",),
    "posthog.com": ("posthog",),
    "heapanalytics.com": ("heap",),
    "hotjar.com": ("hj",),
    "clarity.ms": ("clarity",),
    "fullstory.com": ("FS",),
    "matomo.cloud": ("_paq", "Matomo"),
    "hs-scripts.com": ("_hsq",),
    "hs-analytics.net": ("_hsq",),
    "mc.yandex.ru": ("ym",),
    "bat.bing.com": ("UET",),
    "snap.licdn.com": ("lintrk",),
    "analytics.tiktok.com": ("ttq",),
    "nr-data.net": ("newrelic",),
    "sentry-cdn.com": ("Sentry",),
    "va.vercel-scripts.com": ("va",),
}


def globals_of(url: str) -> tuple[str, ...] | None:
    """Return the globals that a script defines, by its host, or None where it is no script that only counts."""
    host = urlsplit(url).hostname or ""
    return next((names for known, names in _GLOBALS.items() if host == known or host.endswith(f".{known}")), None)
