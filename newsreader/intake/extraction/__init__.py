"""A page of the web to a document."""
