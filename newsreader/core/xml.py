"""What XML 1.0 can't hold in any spelling: for feeds, whose titles may come from anywhere."""

import re

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """The text without such characters (XML 1.0, section 2.2)."""
    return _UNWRITABLE.sub("", text)
