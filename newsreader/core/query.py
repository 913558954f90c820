"""What a reader typed into the search box, as a value: parse never raises, unparse writes it down again.

    words  "a phrase"  begin*  -without  one OR other  ( )  and fields such as title:harbour, is:unread, before:2023-06

All that stands side by side is required; OR binds less, a minus more. What can't be understood is searched as words,
and a hint says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from newsreader.core.asked import WORD, All, Any, Filter, Node, Not, Query, Words, conjunction, disjunction, negation
from newsreader.core.fields import FILTERS, SORTS, TEXT_FIELDS, field_named, value_of
from newsreader.core.sentence import Sentence

# All three bound what one search can cost: 10,000 words took SQLite's FTS5 50 seconds.
MAX_WORDS = 32
MAX_LENGTH = 2_000  # characters of what is looked for
MAX_DEPTH = 12
# Characters that are read at all: more than any query takes when it is written down, brackets and operators included.
_READ = 3 * MAX_LENGTH


def parse(text: str) -> Query:
    """Reads whatever was typed. Of more than MAX_WORDS words or MAX_LENGTH characters it reads the first."""
    return _Parser(text).query()


def unparse(query: Query) -> str:
    """The text that reads as `query`."""
    written = _written(query.root) if query.root else ""
    order = "" if query.sort == "relevance" else f"sort:{query.sort}"
    return " ".join(part for part in (written, order) if part)


_OPERATORS = ("AND", "OR", "NOT")
_QUOTES = '"“”„‟«»‹›″〝〞〟＂「」『』'
_UNTYPABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_WIDE = str.maketrans("：（）－−＊＜＞＝", ":()--*<>=")
_TOKEN = re.compile(
    rf"""(?P<open>-?\() | (?P<close>\))
      | (?P<minus>-+(?=[^\s-]))?
        (?:(?P<field>[^\W\d_]{{2,20}}):)?
        (?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}] | (?P<word>[^\s(){_QUOTES}]+))
      | \S""",
    re.VERBOSE,
)


class _Parser:
    """One reading of one text: the tokens from left to right, what is open, and what there is to say about it."""

    def __init__(self, text: str) -> None:
        self.cut = len(text) > _READ
        read = _UNTYPABLE.sub(" ", text[:_READ]).translate(_WIDE)
        self.tokens = list(_TOKEN.finditer(read))
        self.at = 0
        self.words, self.length = MAX_WORDS, MAX_LENGTH  # room that is left
        self.sort = "relevance"
        self.odd: list[Sentence] = []

    def query(self) -> Query:
        parts = []
        while self.at < len(self.tokens):
            parts.append(self.either(0))
            self.at += 1  # a bracket that closes nothing
        query = Query(conjunction([part for part in parts if part]), self.sort)
        return replace(query, hints=tuple(self.hints(query)))

    def either(self, depth: int) -> Node | None:
        """Alternatives up to a closing bracket or the end."""
        found: list[Node] = []
        side: list[Node] = []
        while (token := self.token()) and not token["close"]:
            if _operator(token) == "OR":
                self.at += 1
                if node := conjunction(side):
                    found.append(node)
                    side = []
            elif node := self.one(depth):
                side.append(node)
        if node := conjunction(side):
            found.append(node)
        return disjunction(found)

    def one(self, depth: int) -> Node | None:
        """A word, a phrase, a filter or a bracket, with or without a minus."""
        token = self.token()
        self.at += 1
        if token is None or _operator(token) in ("AND", "OR"):
            return None
        if token["open"]:
            if depth >= MAX_DEPTH:
                return None  # the brackets are passed over, and what is in them is read
            node = self.either(depth + 1)
            self.at += 1
            return negation(node) if node and token["open"] == "-(" else node
        after = self.token()
        if _operator(token) == "NOT" and after and not after["close"]:
            node = self.one(depth)
            return negation(node) if node else None
        nodes: list[Node] = [kept for kept in map(self.kept, self.meant(token, split=depth < MAX_DEPTH)) if kept]
        node = conjunction(nodes)
        return negation(node) if node and token["minus"] == "-" else node

    def meant(self, token: re.Match[str], *, split: bool) -> list[Words | Filter]:
        """What a token says: a filter, words in one field, or, where it is neither, the words as they stand."""
        word, phrase = token["word"], token["phrase"]
        if word is None and phrase is None:
            self.odd.append(_nothing(token[0]))
            return []
        return self.fielded(token, split=split) if token["field"] else [_words(word, phrase)]

    def fielded(self, token: re.Match[str], *, split: bool) -> list[Words | Filter]:
        """The same of what begins like a field. One that there isn't and its value are two words, or a phrase.

        Two words only with `split`: a minus before both takes brackets when it is written down.
        """
        name, word, phrase = field_named(token["field"]), token["word"], token["phrase"]
        value = " ".join((word if phrase is None else phrase).split())
        if name == "sort" and value.lower() in SORTS:
            self.sort = value.lower()
            return []
        if name in TEXT_FIELDS:
            return [_words(word, phrase, name)]
        if plain := value_of(name, value):
            return [Filter(name, plain)]
        text = f"{token['field']}:{value}"
        if value.startswith("/"):
            return [Words(text, phrase=phrase is not None)]
        said = _short(text) if name in FILTERS else f"{token['field']}:"
        self.odd.append(Sentence("`{name}` is not a filter; searched for the words.", name=said))
        if split and ":" not in value:
            return [_words(token["field"], None), _words(word, phrase)]
        return [Words(text, phrase=True)]

    def kept(self, node: Words | Filter) -> Words | Filter | None:
        """The node as far as there is room for it; a filter takes the room of one word."""
        if isinstance(node, Words) and not node.words:
            if node.text.strip("-–—&*"):
                self.odd.append(_nothing(node.text))
            return None
        words, length = _size(node)
        if words > self.words or length > self.length:
            self.cut = True
            cut = _cut(node, self.words, self.length) if isinstance(node, Words) else None
            if cut is None:
                return None
            node, (words, length) = cut, _size(cut)
        self.words -= words
        self.length -= length
        return node

    def token(self) -> re.Match[str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def hints(self, query: Query) -> Iterator[Sentence]:
        if self.cut:
            yield Sentence(
                "That is more than a search can hold: only the first {limit} words were looked for.", limit=MAX_WORDS
            )
        yield from list(dict.fromkeys(self.odd))[:3]
        signed = dict.fromkeys(leaf.signed for leaf in query.leaves() if isinstance(leaf, Words) and leaf.signed)
        for word in list(signed)[:3]:
            yield Sentence(
                "“{word}” was looked for with its signs; in quotation marks it is looked for without.",
                word=_short(word),
            )
        if query.root and query.empty:
            yield Sentence("This only says what to leave out. Add a word to look for.")


def _operator(token: re.Match[str]) -> str | None:
    word: str | None = token["word"]
    return word if word in _OPERATORS and not token["minus"] and not token["field"] else None


def _words(word: str | None, phrase: str | None, name: str = "") -> Words:
    if phrase is not None:
        return Words(" ".join(phrase.split()), phrase=True, field=name)
    bare = (word or "").lstrip("-").rstrip("*")
    # Written down in quotation marks, an operator that stood where it means nothing stays a word.
    prefix = (word or "").endswith("*")
    return Words(bare, phrase=bare in _OPERATORS and not prefix, prefix=prefix, field=name)


def _size(node: Words | Filter) -> tuple[int, int]:
    """The words and the characters that it counts for."""
    return (len(node.words), len(node.text)) if isinstance(node, Words) else (1, len(node.value))


def _cut(node: Words, words: int, length: int) -> Words | None:
    """As much of it as so many words and characters hold."""
    ends = [word.end() for word in islice(WORD.finditer(node.text[:length]), words)]
    if not ends:
        return None
    text = node.text[: ends[-1]]
    return replace(node, text=text, phrase=node.phrase or (text in _OPERATORS and not node.prefix))


def _written(node: Node, *, inside: bool = False) -> str:
    """The node as text, in brackets where it is `inside` of another and would fall apart."""
    match node:
        case Words():
            text = f'"{node.text}"' if node.phrase else f"{node.text}*" if node.prefix else node.text
            return f"{node.field}:{text}" if node.field else text
        case Filter(name, value):
            return f'{name}:"{value}"' if re.search(r"[\s()]", value) else f"{name}:{value}"
        case Not(inner):
            return f"-{_written(inner, inside=True)}" if not isinstance(inner, Not) else _written(inner.node)
        case All(nodes):
            text = " ".join(_written(inner, inside=isinstance(inner, Any)) for inner in nodes)
        case Any(nodes):
            text = " OR ".join(_written(inner) for inner in nodes)
    return f"({text})" if inside else text


def _nothing(text: str) -> Sentence:
    return Sentence("“{sign}” has no letters or digits to look for, and was left out.", sign=_short(text))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
