"""Benches: what measures speed, relevance and accuracy. `make bench` runs them; each prints a table."""
