"""The paths of the checkout and its parts."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "harness"
PACKAGE = SOURCES / "oauth_window_harness"
SCENARIOS = ROOT / "scenarios"
FIXTURES = ROOT / "fixtures"
APPS = FIXTURES / "apps"
CONTRACTS = FIXTURES / "contracts"
JAVASCRIPT = FIXTURES / "javascript"
SPECS = FIXTURES / "openapi"
