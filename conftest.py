"""Plugins of the whole suite (they must be named at the top, where pytest reads them before any test)."""

pytest_plugins = ["tests.plugins.requirements"]
