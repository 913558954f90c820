"""Every page and state of it that pictures show and audits judge, with the way there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

WIDTHS: dict[int, dict[str, Any]] = {
    1440: {"viewport": {"width": 1440, "height": 900}},
    820: {"viewport": {"width": 820, "height": 1100}},
    390: {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}

Steps = Callable[[Page], None]


@dataclass
class Scene:
    """`who` opens `path` and takes `steps`. Pictures of `whole` pages are taken to their end."""

    name: str
    path: str
    who: str = "ada"
    steps: Steps | None = None
    whole: bool = True
    only: tuple[int, ...] = tuple(WIDTHS)
    themes: tuple[str, ...] = ("light", "dark")
    options: dict[str, Any] = field(default_factory=dict)  # of the browser's context


def select(words: str) -> Steps:
    """Selects words of the article as a keyboard or a finger does."""

    def steps(page: Page) -> None:
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


def press_passage(page: Page) -> None:
    """Opens the composer: in the margin where it's wide, else in the sheet."""
    mark = page.locator("#text mark[data-c=rose]").first
    mark.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 240)")
    mark.click()
    page.locator(".composer[data-keeps] textarea").wait_for()


def write(page: Page, words: str = "Written in the train; not sure of it any more.") -> None:
    press_passage(page)
    page.locator(".composer[data-keeps] textarea").fill(words)


def edit_twice(page: Page) -> None:
    """Saves a note that another window has saved meanwhile."""
    from newsreader.annotations import services  # noqa: PLC0415 Django is set up by now
    from newsreader.annotations.models import Highlight  # noqa: PLC0415

    write(page)
    form = page.locator(".composer[data-keeps]")
    other = Highlight.objects.get(public_id=form.get_attribute("data-keeps"))
    services.edit(other, version=other.version, colour=other.colour, note="Is there a picture? **Ask the library.**")
    form.get_by_role("button", name="Save").click()
    page.locator(".edited-twice").wait_for()


def lose_network(page: Page) -> None:
    select("It is hard to feel that the book has been damaged.")(page)
    page.context.set_offline(True)
    page.locator("#select-pop [data-c=yellow]").click()
    page.locator(".unsaved-card").wait_for()


def sign_out_meanwhile(page: Page) -> None:
    write(page)
    page.context.clear_cookies(name="sessionid")
    page.locator(".composer[data-keeps]").get_by_role("button", name="Save").click()
    page.locator("#sign-in-again input[type=password]").wait_for()


def scroll_to(selector: str) -> Steps:
    def steps(page: Page) -> None:
        page.locator(selector).first.evaluate("e => e.scrollIntoView({ block: 'center' })")
        page.wait_for_timeout(100)

    return steps


def press(selector: str, then: str = "") -> Steps:
    def steps(page: Page) -> None:
        page.locator(selector).first.click()
        if then:
            page.locator(then).first.wait_for()

    return steps


def hover(selector: str) -> Steps:
    return lambda page: page.locator(selector).first.hover()


def merge_tags(page: Page) -> None:
    for box in page.locator("input[name=tag]").all()[:2]:
        box.check()
    page.locator("#merge-these button").click()
    page.locator(".merge").wait_for()


def rename_to_taken(page: Page) -> None:
    page.locator(".taglist details.menu summary").first.click()
    page.locator(".rename .input").first.fill("to-check")
    page.locator(".rename button").first.click()
    page.locator(".error-text").wait_for()


def type_words(words: str) -> Steps:
    def steps(page: Page) -> None:
        page.locator("#mark-words > summary").click()
        page.locator("#words").fill(words)
        page.locator("#mark-words .btn-primary").click()
        page.locator(".places, #mark-words .error-text").first.wait_for()

    return steps


def guess(times: int, name: str) -> Steps:
    def steps(page: Page) -> None:
        for _ in range(times):
            page.locator("input[name=username]").fill(name)
            page.locator("input[name=password]").fill("none of them")
            page.locator("main .btn-primary").click()
            page.locator(".error-text").wait_for()

    return steps


def be_too_late(page: Page) -> None:
    """Sends a form whose token is gone."""
    page.locator("input[name=username]").fill("ada")
    page.locator("input[name=password]").fill("something")
    page.context.clear_cookies()
    page.locator("main .btn-primary").click()
    page.locator(".empty").wait_for()


def type_keys(*pressed: str, then: str = "") -> Steps:
    """Keys, one after the other."""

    def steps(page: Page) -> None:
        page.locator("body").press("Escape")
        for key in pressed:
            page.keyboard.press(key)
        if then:
            page.locator(then).first.wait_for()

    return steps


def choose_articles(page: Page) -> None:
    page.locator("label:has(#selecting)").click()
    for box in page.locator(".row input[type=checkbox]").all()[:2]:
        box.check(force=True)
    page.locator("#selected").wait_for()


def choose_passages(page: Page) -> None:
    page.locator("label:has(#selecting)").click()
    for box in page.locator("#books label.pick").all()[:2]:
        box.click()
    page.locator("#many").wait_for()


def choose_other_words(page: Page) -> None:
    page.locator("[data-choose]").first.click()
    page.locator("#choosing").wait_for()


def hits_shown(page: Page) -> None:
    page.locator("#hits [data-by='1']:not([hidden])").wait_for()
    page.locator("#hits-at", has_text=" of ").wait_for()


def type_search(words: str) -> Steps:
    def steps(page: Page) -> None:
        page.locator("#q").press_sequentially(words)
        page.locator("#results").wait_for()

    return steps


def suggest(words: str) -> Steps:
    def steps(page: Page) -> None:
        page.locator("#q").press_sequentially(words)
        page.locator("#suggest [role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")

    return steps


def search_offline(words: str) -> Steps:
    def steps(page: Page) -> None:
        page.context.set_offline(True)
        page.locator("#q").fill(words)
        page.locator("#not-searched .btn").wait_for()

    return steps


def be_offline(page: Page) -> None:
    page.context.set_offline(True)
    page.locator("#offline").wait_for()


def break_it(page: Page) -> None:
    """The page for what went wrong on the server, as it comes out where nothing else does."""
    from django.test import RequestFactory  # noqa: PLC0415 Django is set up by now

    from newsreader.reading import errors  # noqa: PLC0415

    body = errors.broken(RequestFactory().get("/")).content
    page.route(
        "**/broken/", lambda route: route.fulfill(status=500, body=body, content_type="text/html; charset=utf-8")
    )
    page.goto("/broken/")


def correct(page: Page) -> None:
    """An edit at the desk that takes marked words away, previewed."""
    field = page.get_by_label("Text:", exact=True)
    field.fill(field.input_value().replace("Nobody had asked about the piano.", "Nobody asked."))
    page.get_by_role("button", name="Preview what this edit does").first.click()
    page.get_by_role("region", name="What this edit does").wait_for()


def press_edit(page: Page) -> None:
    page.locator("[data-edit]").first.click()
    page.locator(".composer.here").first.wait_for()


ALL_THEMES = ("light", "dark", "sepia")
FORCED = {"forced_colors": "active"}
CONTRAST = {"contrast": "more"}


def scenes(at: dict[str, str]) -> Iterator[Scene]:
    """Every page and state of it; `at` has the addresses that only this library knows."""
    yield from library()
    yield from notes()
    yield from reader(at)
    yield from acts(at)
    yield from doors(at)
    yield from desk(at)
    # Last, since the others would show what these do.
    yield Scene(
        "notebook-deleted",
        "/notebook/",
        steps=press(".passage-tools button[aria-label^=Delete]", ".toast"),
        whole=False,
    )
    yield Scene("tags-deleted", "/tags/", steps=press(".taglist button[aria-label^=Delete]", ".bulk"), only=(1440,))
    yield Scene("sign-in-too-many", "/accounts/sign-in/", who="", steps=guess(6, "somebody"), only=(390,))


def library() -> Iterator[Scene]:
    """The list of articles."""
    yield Scene("library", "/", themes=ALL_THEMES)
    yield Scene("library-menu", "/", steps=press(".row-actions .menu summary"), whole=False)
    yield Scene("library-filters", "/", steps=press("[data-filters]", "dialog[open]"), whole=False)
    yield Scene("library-selected", "/", steps=choose_articles, whole=False)
    yield Scene("library-keyboard", "/", steps=type_keys("j", "j"), whole=False, only=(1440,))
    yield Scene("library-later", "/?place=later")
    yield Scene("library-all", "/?place=all&source=the-harbour-post")
    yield Scene("library-nothing", "/?place=favourites&topic=ports")
    yield Scene("library-visitor", "/", who="")
    yield Scene("library-empty", "/?place=archive", who="ben")
    yield Scene("library-offline", "/", steps=be_offline, whole=False)
    yield Scene("library-forced", "/", whole=False, options=FORCED, only=(1440,))
    yield from search()


def search() -> Iterator[Scene]:
    """The search page, with what it finds and what it doesn't."""
    yield Scene("search", "/search/", themes=ALL_THEMES)
    yield Scene("search-results", "/search/?q=piano", themes=ALL_THEMES)
    yield Scene("search-keyboard", "/search/?q=piano", steps=type_keys("ArrowDown", "j"), whole=False, only=(1440,))
    yield Scene("search-typed", "/search/", steps=type_search("margi"), whole=False)
    yield Scene("search-notes", "/search/?q=picture&kind=notes")
    yield Scene("search-arabic", "/search/?q=البيانو")
    yield Scene("search-read-as", "/search/?q=is:blue+zeppelin+tag:to-check")
    yield Scene("search-some", "/search/?q=piano+margin+zeppelin")
    yield Scene("search-nothing", "/search/?q=zeppelin")
    yield Scene("search-visitor", "/search/?q=piano", who="")
    yield Scene("search-offline", "/search/?q=piano", steps=search_offline("margin"), whole=False)
    yield Scene("search-narrowed", "/search/?q=piano+tag:quote+after:2001", themes=ALL_THEMES)
    yield Scene("search-suggested", "/search/", steps=suggest("piano source:"), whole=False, themes=ALL_THEMES)
    yield Scene("search-save", "/search/?q=river", steps=press("#save-button", "#save-name"), whole=False)
    yield Scene("search-saved", "/search/?q=piano", steps=press("#save-button", ".feed-address"), whole=False)
    yield Scene("saved", "/search/saved/", themes=ALL_THEMES)
    yield Scene("saved-feed", "/search/saved/", steps=press(".saved-acts summary", ".feed-address"), whole=False)
    yield Scene("saved-empty", "/search/saved/", who="ben")
    yield Scene("search-forced", "/search/?q=piano", whole=False, options=FORCED, only=(1440,))


def notes() -> Iterator[Scene]:
    """The notebook, tags and the bin."""
    yield Scene("notebook", "/notebook/", themes=ALL_THEMES)
    yield Scene("notebook-filtered", "/notebook/?tag=to-check&colour=rose&colour=blue")
    yield Scene(
        "notebook-filters",
        "/notebook/",
        steps=press("[popovertarget=filters]", "#filters"),
        whole=False,
        only=(390,),
    )
    yield Scene("notebook-export", "/notebook/", steps=press(".page-tools .menu summary"), whole=False)
    yield Scene("notebook-edit", "/notebook/", steps=press_edit, whole=False)
    yield Scene("notebook-selected", "/notebook/", steps=choose_passages, whole=False)
    yield Scene("notebook-changed", "/notebook/?changed=1")
    yield Scene("notebook-nothing", "/notebook/?tag=to-check&colour=yellow")
    yield Scene("notebook-empty", "/notebook/", who="ben")
    yield Scene("notebook-print", "/notebook/print/")
    yield Scene("notebook-forced", "/notebook/", whole=False, options=FORCED, only=(1440,))
    yield Scene("tags", "/tags/")
    yield Scene("tags-merge", "/tags/", steps=merge_tags)
    yield Scene("tags-rename", "/tags/", steps=press(".taglist details.menu summary"), whole=False)
    yield Scene("tags-taken", "/tags/", steps=rename_to_taken)
    yield Scene("tags-empty", "/tags/", who="ben")
    yield Scene("bin", "/bin/")
    yield Scene("bin-empty", "/bin/", who="ben")


def reader(at: dict[str, str]) -> Iterator[Scene]:
    """An article as it is read."""
    yield Scene("article", at["edge"], themes=ALL_THEMES)
    yield Scene("article-plain", at["guide"], who="ben")
    yield Scene("article-visitor", at["guide"], who="", whole=False)
    yield Scene("article-note", at["edge"], steps=hover("#text mark[data-c=rose]"), whole=False)
    yield Scene("article-type", at["edge"], steps=press("#type-button", "#type-panel"), whole=False, themes=ALL_THEMES)
    yield Scene("article-menu", at["edge"], steps=press("#state > .menu:not(#passages) > summary"), whole=False)
    yield Scene("article-passages", at["edge"], steps=press("#passages > summary", ".passages-list li"), whole=False)
    yield Scene("article-unmarked", at["edge"], steps=type_keys("v", then="[data-unmarked]"), whole=False)
    yield Scene("article-changed", at["lost"])
    yield Scene("article-arabic", at["arabic"])
    yield Scene("article-long", at["long"], whole=False)
    yield Scene("article-hits", f"{at['edge']}?q=margin", steps=hits_shown, whole=False, themes=ALL_THEMES)
    yield Scene("article-hits-forced", f"{at['edge']}?q=margin", steps=hits_shown, whole=False, options=FORCED)
    yield Scene("article-forced", at["edge"], whole=False, options=FORCED, only=(1440, 390))
    yield Scene("article-contrast", at["edge"], whole=False, options=CONTRAST, only=(1440,))
    yield Scene("history", f"{at['lost']}history/")
    yield Scene("which", at["edge"], steps=type_words("the margin"))
    yield Scene("passage", at["note"])


def acts(at: dict[str, str]) -> Iterator[Scene]:
    """What is done in an article."""
    yield Scene("article-bar", at["guide"], steps=select("a small bar appears beside the selection"), whole=False)
    yield Scene("article-keys", at["edge"], steps=type_keys("j", "j", "ArrowDown", then=".cursor:focus"), whole=False)
    yield Scene("article-help", at["edge"], steps=type_keys("?", then="dialog[open]"), whole=False)
    yield Scene("article-composer", at["edge"], steps=press_passage, whole=False, themes=ALL_THEMES)
    yield Scene("article-other-words", at["lost"], steps=choose_other_words, whole=False)
    yield Scene("article-twice", at["edge"], steps=edit_twice, whole=False)
    yield Scene("article-unsaved", at["edge"], steps=lose_network, whole=False)
    yield Scene("article-sign-in", at["edge"], steps=sign_out_meanwhile, whole=False)
    yield Scene("article-typed", at["edge"], steps=type_words("words that nobody wrote"), whole=False)


def doors(at: dict[str, str]) -> Iterator[Scene]:
    """Getting in, one's account, and what isn't there."""
    yield Scene("account", "/accounts/")
    yield Scene("account-leave", "/accounts/leave/")
    yield Scene("account-menu", "/", who="cleo", steps=press(".account > summary"), whole=False)
    yield Scene("add", "/add/")
    yield Scene("add-text", "/add/?text=A+letter+home.%0A%0AThe+ferry+left+at+six.")
    yield Scene("add-files", "/add/", steps=press("details.way:nth-of-type(2) > summary", ".drop"))
    refused = press("#add-address .btn-primary", "#url-err")
    yield Scene("add-refused", "/add/?url=mailto%3Aada%40example.org", steps=refused, only=(390,))
    yield Scene("keys", "/keys/")
    yield Scene("sign-in", "/accounts/sign-in/", who="")
    yield Scene("sign-in-wrong", "/accounts/sign-in/", who="", steps=guess(1, "nobody"))
    yield Scene("sign-up", "/accounts/sign-up/", who="")
    yield Scene("set-password", at["password"], who="")
    yield Scene("offline", "/offline/", who="")
    yield Scene("error-404", "/articles/nothing-here/")
    yield Scene("error-403", "/accounts/sign-in/", who="", steps=be_too_late)
    yield Scene("error-400", "/%ff/")
    yield Scene("error-500", "/", who="", steps=break_it)


def desk(at: dict[str, str]) -> Iterator[Scene]:
    """Where curators work."""
    yield Scene("desk", "/desk/", who="cleo")
    yield Scene("desk-articles", "/desk/articles/article/", who="cleo")
    yield Scene("desk-article", at["desk-article"], who="cleo")
    yield Scene("desk-forecast", at["desk-article"], who="cleo", steps=correct)
    yield Scene("desk-highlights", "/desk/annotations/highlight/", who="cleo")
