#!/bin/sh
# Re-makes the locks from pyproject.toml: every package pinned with its hashes, for every platform and Python from 3.11.
# Needs uv. Newer versions within pyproject's ranges: `make lock UPGRADE=1`; otherwise what is locked stays.
set -eu
command -v uv >/dev/null || { echo "The locks are made with uv: pip install uv, then run make lock again." >&2; exit 1; }

compile() {
    lock=$1
    shift
    uv pip compile pyproject.toml "$@" --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links ${UPGRADE:+--upgrade} --output-file "$lock"
    echo "$lock"
}

compile requirements/run.txt
# The others agree with it, so that a package is never installed twice in two versions.
compile requirements/postgres.txt --extra postgres --constraint requirements/run.txt
compile requirements/dev.txt --extra postgres --group dev --constraint requirements/run.txt
