"""Text of a page that does its worst to whoever reports it: it is evidence, and must stay that."""

from __future__ import annotations

from oauth_window_harness.findings.finding import finding
from oauth_window_harness.results.baseline import Baseline
from oauth_window_harness.results.model import Results, ScenarioResult
from oauth_window_harness.run.verdict import findings_of
from tests.reports.runs import play, results_of

EVIDENCE = (
    "::error title=forged::not ours\n::add-mask::connected",
    "100%0A::stop-commands::x, ##[add-mask]connected",
    "\r\n# A heading\n</code></details><script>alert(1)</script>",
    "``` ```` [a link](https://evil.example/) ![](https://evil.example/x.png) <img src=x onerror=alert(1)>",
    "a | b || c\x00\x1b[31m\x07\u202e\ud800 @everyone www.evil.example https://evil.example/",
    "[[ATTACHMENT|/etc/passwd]] ]]> <!-- &amp; &#x0;",
)


def hostile_play(name: str = "account-200", **changes: object) -> ScenarioResult:
    """Return a play whose evidence, and whatever else the update has, is hostile."""
    findings = findings_of([finding("silent-hang", EVIDENCE), finding("token-in-browser", EVIDENCE)], name, Baseline())
    return play(name).model_copy(update={"verdict": "failed", "findings": findings, **changes})


def hostile_results() -> Results:
    """Return the results of a run that is hostile wherever it can be."""
    broken = hostile_play("account-401", verdict="broken", reason=" | ".join(EVIDENCE), findings=())
    results = results_of([hostile_play(), broken], ["oauth-window", "run", "--app", "http://localhost/a`b|c"])
    return results.model_copy(update={"app": "http://localhost/`x`|<b>::error::%0A"})
