"""Where Django looks for the desk's pages."""

from newsreader.desk import articles, highlights, readers, sources

__all__ = ["articles", "highlights", "readers", "sources"]
