"""Articles, topics and collections in and out, as CSV and JSON. Never anything of a reader's."""
