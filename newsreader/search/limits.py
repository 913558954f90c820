"""How long a search may take, on either database."""

PATIENCE = 2.0  # seconds


class TooCostly(Exception):
    """The database was stopped after PATIENCE seconds."""
