"""Other applications' libraries: read from their exports, looked at by row, taken in, undone."""
