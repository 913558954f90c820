"""The one way out: what this server fetches from the web is fetched here, and nowhere else is a socket opened.

The address that is dialled is the one that was checked, on every redirect, and no proxy of the environment comes
between. Nothing is read beyond `size` bytes, unpacked, or after `seconds`.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urljoin

import httpcore

from newsreader.core.sentence import Sentence
from newsreader.intake.addresses import NOTHING, Allowed, Refused, Target, target_of
from newsreader.intake.dialling import Dialling, Resolve, resolved
from newsreader.intake.packed import Bomb, unpacked

SIZE = 10_000_000  # bytes, unpacked
SECONDS = 20.0  # in all, redirects included
STALL = 10.0  # without a byte
REDIRECTS = 5
AGENT = "Mozilla/5.0 (compatible; Newsreader)"
PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})

_SENT_ON, _FOR_GOOD = {301, 302, 303, 307, 308}, {301, 308}
_LONGEST_WAIT = 7 * 24 * 3600  # seconds that a server may ask for
_OTHERS = {
    401: Sentence("The page is only for those who are signed in there."),
    403: Sentence("The server does not give the page to programs, or not to everybody."),
    404: Sentence("There is no page at this address."),
    410: Sentence("The page is gone for good."),
    429: Sentence("The server asks for fewer visits."),
}
_TOO_LONG = Sentence("The server took too long.")
_TOO_LARGE = Sentence("The page is too large.")


class Failed(ValueError):
    """Nothing was fetched. Its text is a sentence for a person.

    `status` is the answer's, 0 where there was none; `again` says whether it is worth another try, and `after` in how
    many seconds the server asks for it, 0 where it doesn't.
    """

    def __init__(self, told: str, *, status: int = 0, again: bool = False, after: int = 0) -> None:
        super().__init__(told)
        self.status, self.again, self.after = status, again, after


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `url` is where it came from in the end, and `moved` that it is to be asked for there from now on.

    `status` is 200 or 304. The names of headers have small letters; `media_type` and `charset` are "" where the server
    is silent.
    """

    url: str
    moved: bool
    status: int
    headers: Mapping[str, str]
    body: bytes
    media_type: str
    charset: str


@dataclass(frozen=True)
class Web:
    """The web as far as this server may go. `resolve` asks a name server, and may change its answer each time."""

    allowed: Allowed = NOTHING
    resolve: Resolve = resolved
    size: int = SIZE
    seconds: float = SECONDS
    stall: float = STALL

    def fetch(self, url: str, *, wanted: Collection[str] = PAGES, headers: dict[str, str] | None = None) -> Fetched:
        """What is at the address: a page of a `wanted` media type, or the news that nothing changed (304).

        `headers` are sent along, as If-None-Match. Raises `Failed`, for an address that is refused too.
        """
        dialling = Dialling(self.allowed, self.resolve, time.monotonic() + self.seconds, self.stall)
        for_good = True
        try:
            target = first = target_of(url)
            for _ in range(REDIRECTS + 1):
                status, told, body = self._ask(target, wanted, headers or {}, dialling)
                if status not in _SENT_ON:
                    media_type, charset = _content(told)
                    return Fetched(target.url, for_good and target != first, status, told, body, media_type, charset)
                for_good = for_good and status in _FOR_GOOD
                target = target_of(urljoin(target.url, told["location"]))
        except Refused as refused:
            raise Failed(refused.args[0]) from refused
        except httpcore.TimeoutException as late:
            raise Failed(_TOO_LONG, again=True) from late
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as broken:
            raise Failed(_broken(broken), again=True) from broken
        raise Failed(Sentence("The address sends on and on to others."))

    def _ask(
        self, target: Target, wanted: Collection[str], headers: dict[str, str], dialling: Dialling
    ) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body) of one answer: a page, a redirect with where to, or a 304."""
        if not self.allowed.port(target):
            raise Refused(Sentence("Only the usual ports 80 and 443 are fetched from."))
        sent = {
            "User-Agent": AGENT,
            "Accept": ", ".join([*sorted(wanted), "*/*;q=0.1"]),
            "Accept-Encoding": "gzip",
            **headers,
        }
        timeout = {"connect": self.stall, "read": self.stall, "write": self.stall, "pool": self.stall}
        with (
            httpcore.ConnectionPool(ssl_context=_trust(), network_backend=dialling) as pool,
            pool.stream("GET", target.url, headers=list(sent.items()), extensions={"timeout": timeout}) as answer,
        ):
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            if answer.status == 304 or (answer.status in _SENT_ON and told.get("location")):
                return answer.status, told, b""
            if answer.status != 200:
                raise _refusal(answer.status, told)
            media_type, _ = _content(told)
            if media_type and media_type not in wanted:
                raise Failed(
                    Sentence("This is not a page to read, but of the kind {kind}.", kind=media_type), status=200
                )
            if int(told.get("content-length", "0")) > self.size:
                raise Failed(_TOO_LARGE, status=200)
            try:
                body = unpacked(answer.iter_stream(), told.get("content-encoding", ""), self.size)
            except Bomb as bomb:
                raise Failed(bomb.args[0], status=200) from bomb
            return answer.status, told, body


@cache
def _trust() -> ssl.SSLContext:
    """The certificates that are believed: read once, which takes longer than most answers."""
    return httpcore.default_ssl_context()


def _content(headers: Mapping[str, str]) -> tuple[str, str]:
    """The media type and the charset of an answer, "" where it doesn't say."""
    if not headers.get("content-type"):
        return "", ""
    message = Message()
    message["content-type"] = headers["content-type"]
    return message.get_content_type(), str(message.get_param("charset", "")).strip().lower()


def _refusal(status: int, headers: Mapping[str, str]) -> Failed:
    told = _OTHERS.get(status) or Sentence("The server answers with an error ({status}).", status=str(status))
    again = status in {408, 425, 429} or status >= 500
    return Failed(told, status=status, again=again, after=_seconds(headers.get("retry-after", "")))


def _seconds(after: str) -> int:
    """What Retry-After asks for (RFC 9110, 10.2.3), seconds or a date; 0 for anything else."""
    if after.isascii() and after.isdigit():
        return min(int(after[:9]), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(after)
    except ValueError:
        return 0
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - datetime.now(UTC)
    return max(0, min(int(wait.total_seconds()), _LONGEST_WAIT))


def _broken(error: Exception) -> Sentence:
    causes = [error, error.__cause__, error.__context__]
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Sentence("The server can’t prove that it is the one of this address: its certificate is wrong.")
    if isinstance(error, httpcore.ProtocolError):
        return Sentence("The server does not answer as servers of the web do.")
    return Sentence("The server can’t be reached.")
