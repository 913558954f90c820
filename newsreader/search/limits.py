"""When a search is given up, on either database."""


class TooCostly(Exception):
    """The database was stopped: the search took longer than a reader waits."""
