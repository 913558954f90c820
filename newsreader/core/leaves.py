"""White space in leaves: collapsed as a browser shows it outside <pre>, kept inside; none at a block's edges."""

import re

from newsreader.core.tree import Leaf, Path

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
    kept: list[Leaf] = []
    ends_line = True
    for leaf in leaves:
        text = leaf.text
        if text is None:  # a block's edge inside
            text = "" if ends_line else "\n"
        if not kept:
            text = re.sub(r"\A(?:[ \t\f]*\n)+", "", text)
        if text:
            kept.append(Leaf(leaf.path, text))
            ends_line = text.endswith("\n")
    while kept and not (stripped := (kept[-1].text or "").rstrip(" \t\n\f")):
        kept.pop()
    if not kept or all(_INVISIBLE.fullmatch(leaf.text or "") for leaf in kept):
        return []
    kept[-1] = Leaf(kept[-1].path, stripped)
    return kept
