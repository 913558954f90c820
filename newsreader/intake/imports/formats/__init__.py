"""One module per format: what it is called, whether a file is of it, and its items one after the other.

Each has `KIND`, `NAME`, `claims(file) -> bool` and `read(file) -> Iterator[Item | Unread]`.
"""
