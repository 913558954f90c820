"""Starting, keeping and taking back a library, by the very programs that make calls."""
