"""XML as feeds and lists have it, made well-formed where that is safe: stray ampersands, HTML's entities, old headers.

Keeps every line where it is. What a document type declares is not believed: no entity stands for another one.
"""

from __future__ import annotations

import re
from html.entities import name2codepoint

from newsreader.core.sentence import Sentence
from newsreader.intake.shape import Refused

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,500}\?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,2000}(\[[^\]]{0,60000}\]\s{0,100})?>", re.IGNORECASE)
_ROOT = re.compile(r"<[A-Za-z_]")
_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]{1,50})\s+(?:"([^"]*)"|'([^']*)')\s*>""")
_CHARACTER = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
# A CDATA section or a comment, which stay as they are, or a reference, or an ampersand that begins none.
# What never ends goes to the end of the document, so that nothing is looked through twice.
_REFERENCE = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|&(#[xX]?[0-9a-fA-F]{1,8}|[A-Za-z][\w.-]{0,50});|&", re.DOTALL
)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_LONGEST = 500  # characters that an entity of the document's own may stand for
_MOST = 300  # of them
_HEAD = 200_000  # characters in which a document type stands
_BOMB = Sentence("it declares entities that stand for others, as no honest feed does")


def mended(text: str) -> str:
    """The text as XML without a declaration and a document type. Raises `Refused` for what is built to explode."""
    text = _DECLARATION.sub(_lines, text, count=1) if _DECLARATION.match(text) else text
    declared: dict[str, str] = {}
    root = _ROOT.search(text)
    if root and (doctype := _DOCTYPE.search(text, 0, min(root.start(), _HEAD))):
        declared = _declared(doctype[1] or "")
        text = text[: doctype.start()] + "\n" * doctype[0].count("\n") + text[doctype.end() :]
    elif root and "<!ENTITY" in text[: root.start()].upper():
        raise Refused(_BOMB)
    return _REFERENCE.sub(lambda found: _referred(found, declared), text)


def _lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _declared(subset: str) -> dict[str, str]:
    """The document's own entities as far as they are a few plain characters."""
    entities: dict[str, str] = {}
    for name, double, single in _ENTITY.findall(subset):
        value = _CHARACTER.sub(_character, double or single)
        if "&" in value.replace("&amp;", "").replace("&lt;", "") or "%" in value or len(entities) >= _MOST:
            raise Refused(_BOMB)
        if len(value) <= _LONGEST and "<" not in value:
            entities[name] = value
    return entities


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    return {"&": "&amp;", "<": "&lt;"}.get(chr(number), chr(number)) if _possible(number) else ""


def _referred(found: re.Match[str], declared: dict[str, str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;" if found[0] == "&" else _closed(found[0])
    if name.startswith("#"):
        return found[0] if _is_character(name) else ""
    if name in _OF_XML:
        return found[0]
    if name in declared:
        return declared[name]
    return f"&#{name2codepoint[name]};" if name in name2codepoint else f"&amp;{name};"


def _closed(section: str) -> str:
    """A CDATA section with its end; a comment that has none is dropped."""
    if section.startswith("<!--"):
        return section if section.endswith("-->") and len(section) > 6 else ""
    return section if section.endswith("]]>") else section + "]]>"


def _is_character(name: str) -> bool:
    try:
        number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    except ValueError:
        return False
    return _possible(number)


def _possible(number: int) -> bool:
    """Whether XML 1.0 has this character."""
    return number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number <= 0x10FFFF
