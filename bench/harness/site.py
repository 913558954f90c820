"""Settings of the whole site with the unit page beside it, so that both are measured on one server in one run."""

from bench.harness.unit import *  # noqa: F403

ROOT_URLCONF = "bench.harness.urls"
