"""White space in leaves: collapsed as a browser shows it outside <pre>, kept inside; none at a block's edges."""

import re

from newsreader.core.tree import Leaf, Path

_EMPTY_LINES = re.compile(r"(?:[ \t\f]*\n)*")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028\u2029\u2060]*")  # non-breaking spaces among them


def settle(leaves: list[Leaf]) -> list[Leaf]:
    """The leaves of one block with white space collapsed, no line break at an edge; none if nothing shows."""
    settled: list[Leaf] = []
    at_edge = True
    for leaf in leaves:
        if leaf.text is None:
            _strip_end(settled)
            if settled:
                settled.append(leaf)
            at_edge = True
        else:
            text = _SPACE.sub(" ", leaf.text)
            text = text.removeprefix(" ") if at_edge else text
            if text:
                settled.append(Leaf(leaf.path, text))
                at_edge = text.endswith(" ")
    _strip_end(settled)
    while settled and settled[-1].text is None:
        settled.pop()
    if all(leaf.text is None or _INVISIBLE.fullmatch(leaf.text) for leaf in settled):
        return []
    return _lifted(settled)


def _strip_end(leaves: list[Leaf]) -> None:
    if leaves and (text := leaves[-1].text) is not None and text.endswith(" "):
        if text == " ":
            leaves.pop()
        else:
            leaves[-1] = Leaf(leaves[-1].path, text[:-1])


def _lifted(leaves: list[Leaf]) -> list[Leaf]:
    """Spaces and line breaks moved out of the inline elements that hold nothing else."""
    following: list[Path] = []
    path: Path = ()
    for leaf in reversed(leaves):
        path = path if leaf.text in (None, " ") else leaf.path
        following.append(path)
    lifted: list[Leaf] = []
    path = ()
    for leaf, after in zip(leaves, reversed(following), strict=True):
        if leaf.text in (None, " "):
            lifted.append(Leaf(common(path, after), leaf.text))
        else:
            lifted.append(leaf)
            path = leaf.path
    return lifted


def common(one: Path, other: Path) -> Path:
    """The inline elements that both stand in."""
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine is not theirs:
            break
        length += 1
    return one[:length]


def preformatted(leaves: list[Leaf]) -> list[Leaf]:
    """The leaves of a <pre>: every character kept but empty lines at its edges, which parsers disagree about."""
    texts: list[str] = []
    for leaf in leaves:
        at_line_start = not texts or texts[-1].endswith("\n")
        texts.append(("" if at_line_start else "\n") if leaf.text is None else leaf.text)  # None: a block's edge
    text = "".join(texts)
    if _INVISIBLE.fullmatch(text):
        return []
    first = match.end() if (match := _EMPTY_LINES.match(text)) else 0
    last = len(text.rstrip(" \t\n\f"))
    kept: list[Leaf] = []
    at = 0
    for leaf, part in zip(leaves, texts, strict=True):
        shown = part[max(first - at, 0) : max(last - at, 0)]
        at += len(part)
        if shown:
            kept.append(Leaf(leaf.path, shown))
    return kept
