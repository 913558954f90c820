"""What readers type as an address, to the address that is fetched: one page is saved once, however it was found."""

from urllib.parse import urlsplit

from newsreader.core.sentence import Sentence
from newsreader.intake.addresses import Refused, target_of

__all__ = ["LONGEST", "Refused", "normal"]

LONGEST = 2_000  # characters, as an article keeps it

# What newsletters and networks add to see who came from where. They never say which page it is.
_TRACKING = frozenset({"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "yclid", "_hsenc", "_hsmi"})


def normal(typed: str) -> str:
    """A whole address without fragment and tracking. Raises `Refused` for what is none, with the reason."""
    typed = typed.strip()
    if typed and "://" not in typed[:12] and not typed.lower().startswith(("mailto:", "javascript:", "data:")):
        typed = f"https://{typed}"
    url = target_of(typed).url
    path, question, query = url.partition("?")
    kept = [part for part in query.split("&") if part and not _tracks(part)]
    url = f"{path}?{'&'.join(kept)}" if question and kept else path
    if len(url) > LONGEST:
        raise Refused(Sentence("The address is longer than {limit} characters.", limit=LONGEST))
    return url


def short(url: str) -> str:
    """An address as a person would call it: what stands for a title until there is one."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return (host + parts.path.rstrip("/"))[:200]


def host(url: str) -> str:
    """What a page's source is called where the page doesn't say."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _tracks(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return name.startswith("utm_") or name in _TRACKING
