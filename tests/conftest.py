"""All tests see the fixtures of kernel.testing."""

pytest_plugins = ["kernel.testing.plugin"]
