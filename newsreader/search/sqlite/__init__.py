"""Search in SQLite: FTS5 tables that the database keeps, and the statements that ask them."""
