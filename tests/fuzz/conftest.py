"""How many inputs each property gets: a few in every run, always the same; as many as `ci/fuzz` says in a deep one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

#: The variable by which `ci/fuzz` names how many inputs each property gets.
EXAMPLES = "OAUTH_WINDOW_FUZZ_EXAMPLES"

# What hypothesis keeps of a run is not kept in the checkout.
set_hypothesis_home_dir(Path(tempfile.gettempdir(), "oauth-window-hypothesis"))
_CHECKS = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile(
    "ci", max_examples=20, derandomize=True, database=None, deadline=None, suppress_health_check=_CHECKS
)
settings.register_profile(
    "deep",
    max_examples=int(os.environ.get(EXAMPLES, "1000")),
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=_CHECKS,
)
settings.load_profile("deep" if EXAMPLES in os.environ else "ci")
