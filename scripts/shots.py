"""Takes a picture of every page and state, wide to narrow, light and dark, into shots/; fails where a page complains.

On a library of its own, which is gone afterwards. Words choose: `python -m scripts.shots notebook 390`; the word
`readme` takes the pictures of README.md into docs/pictures/ and nothing else.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts.browser import find

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "shots"
PICTURES = ROOT / "docs/pictures"
WIDTHS: dict[int, dict[str, Any]] = {
    1440: {"viewport": {"width": 1440, "height": 900}},
    820: {"viewport": {"width": 820, "height": 1100}},
    390: {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
# Answers that a scene asks for, which Chromium logs as errors of the page.
ASKED_FOR = ("status of 4", "ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest", "Status Error Code 4")

Steps = Callable[["Scene", Page], None]


@dataclass
class Scene:
    """One picture: `who` opens `path` and takes `steps`. `whole` pages are taken to their end."""

    name: str
    path: str
    who: str = "ada"
    steps: Steps | None = None
    whole: bool = True
    only: tuple[int, ...] = tuple(WIDTHS)


@dataclass
class Camera:
    """Goes through the scenes; keeps what pages complained of."""

    browser: Browser
    address: str
    sessions: dict[str, str]
    taken: int = 0
    complaints: list[str] = field(default_factory=list)

    def take(self, scene: Scene, width: int) -> None:
        """The scene at one width, in both themes."""
        context = self.context(scene.who, width)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and self.note(scene, message.text))
        page.on("pageerror", lambda error: self.note(scene, str(error)))
        page.goto(scene.path)
        page.evaluate("document.fonts.ready.then(() => null)")
        if scene.steps:
            scene.steps(scene, page)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            file = SHOTS / f"{scene.name}-{width}-{theme}.png"
            page.screenshot(path=file, full_page=scene.whole, animations="disabled")
            self.taken += 1
            print(f"{file.relative_to(ROOT)}", flush=True)
        context.set_offline(True)  # a page that is left sends how far it was read: the next picture must not show it
        context.close()

    def context(self, who: str, width: int, **more: Any) -> BrowserContext:
        context = self.browser.new_context(base_url=self.address, **WIDTHS[width], **more)
        if who:
            context.add_cookies([{"name": "sessionid", "value": self.sessions[who], "url": self.address}])
        return context

    def note(self, scene: Scene, words: str) -> None:
        if not any(part in words for part in ASKED_FOR):
            self.complaints.append(f"{scene.name}: {words}")


def select(words: str) -> Steps:
    """Selects words of the article as a keyboard or a finger does."""

    def steps(scene: Scene, page: Page) -> None:
        page.evaluate(
            """(words) => {
              const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
              while (walker.nextNode() && !walker.currentNode.data.includes(words));
              const [node, at] = [walker.currentNode, walker.currentNode.data.indexOf(words)];
              const range = document.createRange();
              range.setStart(node, at);
              range.setEnd(node, at + words.length);
              node.parentElement.scrollIntoView({ block: "center" });
              getSelection().removeAllRanges();
              getSelection().addRange(range);
            }""",
            words,
        )
        page.locator("#select-pop").wait_for()

    return steps


def press_passage(scene: Scene, page: Page) -> None:
    """Opens the composer: in the margin where it's wide, else in the sheet."""
    mark = page.locator("#text mark[data-c=rose]").first
    mark.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 240)")
    mark.click()
    page.locator(".composer[data-keeps] textarea").wait_for()


def write(scene: Scene, page: Page, words: str = "Written in the train; not sure of it any more.") -> None:
    press_passage(scene, page)
    page.locator(".composer[data-keeps] textarea").fill(words)


def edit_twice(scene: Scene, page: Page) -> None:
    """Saves a note that another window has saved meanwhile."""
    from newsreader.annotations import services  # noqa: PLC0415 Django is set up by now
    from newsreader.annotations.models import Highlight  # noqa: PLC0415

    write(scene, page)
    form = page.locator(".composer[data-keeps]")
    other = Highlight.objects.get(public_id=form.get_attribute("data-keeps"))
    services.edit(other, version=other.version, colour=other.colour, note="Is there a picture? **Ask the library.**")
    form.get_by_role("button", name="Save").click()
    page.locator(".edited-twice").wait_for()


def lose_network(scene: Scene, page: Page) -> None:
    select("It is hard to feel that the book has been damaged.")(scene, page)
    page.context.set_offline(True)
    page.locator("#select-pop [data-c=yellow]").click()
    page.locator(".unsaved-card").wait_for()


def sign_out_meanwhile(scene: Scene, page: Page) -> None:
    write(scene, page)
    page.context.clear_cookies(name="sessionid")
    page.locator(".composer[data-keeps]").get_by_role("button", name="Save").click()
    page.locator("#sign-in-again input[type=password]").wait_for()


def scroll_to(selector: str) -> Steps:
    def steps(scene: Scene, page: Page) -> None:
        page.locator(selector).first.evaluate("e => e.scrollIntoView({ block: 'center' })")
        page.wait_for_timeout(100)

    return steps


def press(selector: str, then: str = "") -> Steps:
    def steps(scene: Scene, page: Page) -> None:
        page.locator(selector).first.click()
        if then:
            page.locator(then).first.wait_for()

    return steps


def hover(selector: str) -> Steps:
    return lambda scene, page: page.locator(selector).first.hover()


def merge_tags(scene: Scene, page: Page) -> None:
    for box in page.locator("input[name=tag]").all()[:2]:
        box.check()
    page.locator("#merge-these button").click()
    page.locator(".merge").wait_for()


def rename_to_taken(scene: Scene, page: Page) -> None:
    page.locator(".taglist details.menu summary").first.click()
    page.locator(".rename .input").first.fill("to-check")
    page.locator(".rename button").first.click()
    page.locator(".error-text").wait_for()


def type_words(words: str) -> Steps:
    def steps(scene: Scene, page: Page) -> None:
        page.locator("#mark-words > summary").click()
        page.locator("#words").fill(words)
        page.locator("#mark-words .btn-primary").click()
        page.locator(".places, #mark-words .error-text").first.wait_for()

    return steps


def guess(times: int, name: str) -> Steps:
    def steps(scene: Scene, page: Page) -> None:
        for _ in range(times):
            page.locator("input[name=username]").fill(name)
            page.locator("input[name=password]").fill("none of them")
            page.locator("main .btn-primary").click()
            page.locator(".error-text").wait_for()

    return steps


def be_too_late(scene: Scene, page: Page) -> None:
    """Sends a form whose token is gone."""
    page.locator("input[name=username]").fill("ada")
    page.locator("input[name=password]").fill("something")
    page.context.clear_cookies()
    page.locator("main .btn-primary").click()
    page.locator(".empty").wait_for()


def scenes(at: dict[str, str]) -> Iterator[Scene]:
    """Every page and state of it; `at` has the addresses that only this library knows."""
    yield from lists()
    yield from reader(at)
    yield from doors(at)
    yield Scene("desk", "/desk/", who="cleo")
    yield Scene("desk-articles", "/desk/articles/article/", who="cleo")
    yield Scene("desk-article", at["desk-article"], who="cleo")
    yield Scene("desk-highlights", "/desk/annotations/highlight/", who="cleo")
    # Last, since the others would show what these do.
    yield Scene("notebook-deleted", "/notebook/", steps=press(".passage-tools button", ".toast"), whole=False)
    yield Scene("tags-deleted", "/tags/", steps=press(".taglist button[aria-label^=Delete]", ".bulk"), only=(1440,))
    yield Scene("sign-in-too-many", "/accounts/sign-in/", who="", steps=guess(6, "somebody"), only=(390,))


def lists() -> Iterator[Scene]:
    """The library, the notebook, tags, bin and search."""
    yield Scene("library", "/")
    yield Scene("library-menu", "/", steps=press(".row-actions .menu summary"), whole=False)
    yield Scene("library-later", "/?place=later")
    yield Scene("library-all", "/?place=all&source=the-harbour-post")
    yield Scene("library-nothing", "/?place=favourites&topic=ports")
    yield Scene("library-visitor", "/", who="")
    yield Scene("library-empty", "/?place=archive", who="ben")
    yield Scene("notebook", "/notebook/")
    yield Scene("notebook-filtered", "/notebook/?tag=to-check&colour=rose&colour=blue")
    yield Scene("notebook-menu", "/notebook/", steps=press(".filters .menu summary"), whole=False)
    yield Scene("notebook-nothing", "/notebook/?tag=to-check&colour=yellow")
    yield Scene("notebook-empty", "/notebook/", who="ben")
    yield Scene("tags", "/tags/")
    yield Scene("tags-merge", "/tags/", steps=merge_tags)
    yield Scene("tags-rename", "/tags/", steps=press(".taglist details.menu summary"), whole=False)
    yield Scene("tags-taken", "/tags/", steps=rename_to_taken)
    yield Scene("tags-empty", "/tags/", who="ben")
    yield Scene("bin", "/bin/")
    yield Scene("bin-empty", "/bin/", who="ben")
    yield Scene("search", "/search/")
    yield Scene("search-results", "/search/?q=margin")
    yield Scene("search-notes", "/search/?q=picture&kind=notes")
    yield Scene("search-nothing", "/search/?q=zeppelin")


def reader(at: dict[str, str]) -> Iterator[Scene]:
    """An article and all that is done in it."""
    yield Scene("article-plain", at["guide"], who="ben")
    yield Scene("article-visitor", at["guide"], who="", whole=False)
    yield Scene("article", at["edge"])
    yield Scene("article-note", at["edge"], steps=hover("#text mark[data-c=rose]"), whole=False)
    yield Scene("article-bar", at["guide"], steps=select("a small bar appears beside the selection"), whole=False)
    yield Scene("article-composer", at["edge"], steps=press_passage, whole=False)
    yield Scene("article-twice", at["edge"], steps=edit_twice, whole=False)
    yield Scene("article-unsaved", at["edge"], steps=lose_network, whole=False)
    yield Scene("article-sign-in", at["edge"], steps=sign_out_meanwhile, whole=False)
    yield Scene("article-typed", at["edge"], steps=type_words("words that nobody wrote"), whole=False)
    yield Scene("article-menu", at["edge"], steps=press(".bar .menu summary"), whole=False)
    yield Scene("article-lost", at["lost"])
    yield Scene("article-arabic", at["arabic"])
    yield Scene("article-long", at["long"], whole=False)
    yield Scene("which", at["edge"], steps=type_words("the margin"))
    yield Scene("passage", at["note"])


def doors(at: dict[str, str]) -> Iterator[Scene]:
    """Getting in, one's account, and what isn't there."""
    yield Scene("account", "/accounts/")
    yield Scene("account-menu", "/", who="cleo", steps=press(".account > summary"), whole=False)
    yield Scene("sign-in", "/accounts/sign-in/", who="")
    yield Scene("sign-in-wrong", "/accounts/sign-in/", who="", steps=guess(1, "nobody"))
    yield Scene("set-password", at["password"], who="")
    yield Scene("error-404", "/articles/nothing-here/")
    yield Scene("error-403", "/accounts/sign-in/", who="", steps=be_too_late)


@contextmanager
def library() -> Iterator[tuple[str, str]]:
    """Serves a new library, as `make run` does; gives its address and the link that claims it."""
    with tempfile.TemporaryDirectory(prefix="newsreader-shots-") as var, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        for name in [name for name in os.environ if name.startswith(("NEWSREADER_", "DATABASE_URL", "HOST"))]:
            del os.environ[name]
        os.environ |= {"NEWSREADER_VAR": var, "PORT": str(port), "DJANGO_SETTINGS_MODULE": "newsreader.settings"}
        server = subprocess.Popen(
            [sys.executable, "-m", "scripts.serve"], cwd=ROOT, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        try:
            claim = next((line.strip() for line in server.stdout or [] if "/claim/" in line), "")
            if not claim:
                sys.exit("The library could not be started.")
            yield f"http://127.0.0.1:{port}", claim
        finally:
            server.terminate()
            server.wait(30)


def sessions() -> dict[str, str]:
    """Somebody's session key, by username."""
    from django.test import Client  # noqa: PLC0415 Django is set up by now

    from newsreader.accounts.models import User  # noqa: PLC0415

    keys = {}
    for user in User.objects.all():
        client = Client()
        client.force_login(user)
        keys[user.username] = client.cookies["sessionid"].value
    return keys


def take_all(camera: Camera, claim: str, words: list[str]) -> None:
    import django  # noqa: PLC0415 after the environment says where the library is

    django.setup()
    from scripts import shelf  # noqa: PLC0415

    def wanted(scene: Scene, width: int) -> bool:
        widths = [word for word in words if word.isdigit()]
        names = [word for word in words if not word.isdigit()]
        by_name = not names or any(scene.name == word or scene.name.startswith(f"{word}-") for word in names)
        return by_name and width in scene.only and (not widths or str(width) in widths)

    claiming = Scene("claim", claim.removeprefix(camera.address), who="")
    for width in WIDTHS:
        if wanted(claiming, width):
            camera.take(claiming, width)
    at = shelf.fill()
    camera.sessions = sessions()
    if words == ["readme"]:
        take_for_readme(camera, at)
        return
    for scene in scenes(at):
        for width in WIDTHS:
            if wanted(scene, width):
                camera.take(scene, width)


def take_for_readme(camera: Camera, at: dict[str, str]) -> None:
    """The two pictures of README.md."""
    PICTURES.mkdir(exist_ok=True)
    for name, path, clip in (
        ("reader", at["edge"], {"x": 0, "y": 0, "width": 1440, "height": 790}),
        ("notebook", "/notebook/", {"x": 0, "y": 0, "width": 1360, "height": 800}),
    ):
        context = camera.context("ada", 1440, color_scheme="light", reduced_motion="reduce")
        page = context.new_page()
        page.goto(path)
        page.evaluate("document.fonts.ready.then(() => null)")
        page.screenshot(path=PICTURES / f"{name}.png", clip=clip)  # type: ignore[arg-type]
        camera.taken += 1
        print(f"docs/pictures/{name}.png", flush=True)
        context.set_offline(True)
        context.close()


def main(words: list[str]) -> None:
    """Take them; `words` choose scenes by the start of their name, and widths."""
    # Playwright's loop makes Django believe that it runs inside async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    SHOTS.mkdir(exist_ok=True)
    begun = time.monotonic()
    with library() as (address, claim), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find())
        camera = Camera(browser, address, {})
        take_all(camera, claim, words)
        browser.close()
    print(f"{camera.taken} pictures in {time.monotonic() - begun:.0f} s")
    if camera.complaints:
        sys.exit("Pages complained:\n" + "\n".join(dict.fromkeys(camera.complaints)))


if __name__ == "__main__":
    main(sys.argv[1:])
