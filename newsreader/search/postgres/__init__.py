"""Search in PostgreSQL: generated vectors that the database keeps, and the statements that ask them."""
