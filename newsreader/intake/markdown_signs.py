"""Words that stand in Markdown as what they are: its signs in them escaped, as few as will do. Pure.

Python-Markdown's signs, with the extensions that `core.prose` gives documents.
"""

import re

# A star, a backslash and a backtick are signs anywhere; an underscore is none within a word; a bracket only where a
# link or a footnote may begin; & and < where HTML would.
_SIGNS = re.compile(r"[\\`*]|(?<!\w)_|_(?!\w)|\[(?=\^)|\[(?=[^\]]*\][(\[:])|\[(?=[^\]]*\Z)")
_REFERENCE = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
# What begins a heading, a quotation or an item of a list; a number; what would underline a heading, make a fence or
# a table's second row, define a word.
_AT_START = re.compile(r"^([#>+-])", re.MULTILINE)
_NUMBER = re.compile(r"^(\d+)\.(?=\s|$)", re.MULTILINE)
_UNESCAPABLE = re.compile(r"^([:~=|])", re.MULTILINE)


def escaped(text: str, *, before_link: bool = False) -> str:
    """Text as Markdown that reads as this text, but for what only counts at the start of a line."""
    text = _TAG.sub("&lt;", _REFERENCE.sub("&amp;", text))
    text = _SIGNS.sub(lambda sign: f"\\{sign[0]}", text)
    return f"{text[:-1]}\\!" if before_link and text.endswith("!") else text


def at_line_starts(text: str) -> str:
    """The same with what would make something else of a line escaped."""
    text = _AT_START.sub(r"\\\1", text)
    text = _NUMBER.sub(r"\1\\.", text)
    return _UNESCAPABLE.sub(lambda sign: f"&#{ord(sign[0])};", text)


def in_heading(text: str) -> str:
    """Number signs at the end of a heading would be taken for its closing ones."""
    return re.sub(r"#(?=#*\s*$)", r"\\#", text)


def code(text: str) -> str:
    """Words as code; "" where backticks around them would not hold."""
    if text != text.strip() or "\n" in text or "\\" in text:
        return ""
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def link(said: str, address: str) -> str:
    """A link; "" where its address or its words don't fit between brackets."""
    if not address or re.search(r"[\s<>\"'\\`*]", address) or "\n" in said:
        return ""
    said = re.sub(r"(?<!\\)(?=[\[\]])", r"\\", said)
    inner = f"<{address}>" if re.search(r"[()]", address) else address
    return f"[{said}]({inner})"
