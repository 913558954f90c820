"""Searching as one types, results by keyboard, landing on the words: with and without script, network and patience."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from newsreader.articles.models import Article, Reading
from tests.browser.conftest import PHONE, TABLET, WIDE
from tests.browser.hands import at_rest, clock_stands
from tests.browser.test_offline import TAKE_ON, wait_until_kept
from tests.factories import HARBOUR, make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Axe()
HITS = "[...CSS.highlights.get('hit')].map(String)"
NOW = "[...CSS.highlights.get('hit-now')].map(String)"


def box(page: Page):
    return page.get_by_label("Search articles, passages and notes", exact=True)


def titles(page: Page):
    return page.locator("#results h2")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")


def hits(page: Page) -> list[str]:
    """The one that is shown, and the others."""
    return page.evaluate(NOW) + page.evaluate(HITS)


def copies(article: Article, number: int) -> None:
    values = {field.attname: getattr(article, field.attname) for field in Article._meta.concrete_fields}
    Article.objects.bulk_create(
        Article(**values | {"id": None, "slug": f"copy-{n}", "title": f"Ferry {n}"}) for n in range(number)
    )


def find_by_three_filters(page: Page) -> None:
    """From the field of another page, typed and read, with the caret still in the box."""
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("ferry")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=ferry")
    page.keyboard.press("/")
    page.keyboard.type("piano source:harbour is:unread has:passages ")
    expect(titles(page)).to_have_count(2)
    expect(page).to_have_url(re.compile(r"/search/\?q=piano\+source%3Aharbour\+is%3Aunread\+has%3Apassages$"))
    expect(page).to_have_title(re.compile("^Search: piano source:harbour"))
    becomes(page, "document.activeElement.id", "q")
    expect(page.locator("#said")).to_have_text("2 results for piano source:harbour is:unread has:passages")


def test_from_three_filters_to_the_words_and_back(room, ada):
    article = make_article("The ferry that carried a piano", HARBOUR * 4)
    make_article("Another ferry", source="Field & Ledger")
    mark(article, ada, "Nobody had asked about the piano.", colour="rose", note="Neither did **we**.", tags=["sea"])
    page = room.of(ada, screen=WIDE)
    find_by_three_filters(page)
    marked = page.locator(".marked[data-c=rose]")
    expect(marked.locator(".hit")).to_have_text("piano")
    expect(marked.locator(".yours")).to_have_text("Neither did we.")
    expect(marked.locator(".tag")).to_have_text("sea")

    # Down into the results, on, back up, and out of them.
    page.keyboard.press("ArrowDown")
    becomes(page, "document.activeElement.closest('article')?.getAttribute('aria-labelledby')", "r1")
    first = focused(page)
    page.keyboard.press("j")
    becomes(page, "document.activeElement.closest('article').getAttribute('aria-labelledby')", "r2")
    page.keyboard.press("ArrowUp")
    becomes(page, focused, first)
    page.keyboard.press("Escape")
    becomes(page, "document.activeElement.id", "q")
    page.keyboard.press("ArrowDown")
    becomes(page, focused, first)

    # Enter lands on the words; they are painted, and not one element of the article is another.
    link = page.evaluate("document.activeElement.href")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/**")
    assert "q=piano" in link
    bar = page.get_by_role("region", name="Hits of the search")
    expect(bar).to_contain_text(re.compile(r"\d+ of 12"))
    becomes(page, HITS, ["piano"] * 11)
    becomes(page, NOW, ["piano"])
    expect(page.locator("#text .hit, #text mark:not(.hl)")).to_have_count(0)
    becomes(page, "document.getElementById('text').textContent", article.text)
    seen = "(([range]) => range.getBoundingClientRect())([...CSS.highlights.get('hit-now')]).top"
    becomes(page, f"56 < {seen} && {seen} < 900 - 80")

    at = int(page.locator("#hits-at").inner_text().split()[0])
    page.keyboard.press("n")
    expect(page.locator("#hits-at")).to_have_text(f"{at % 12 + 1} of 12")
    expect(page.locator("#told")).to_contain_text(f"Hit {at % 12 + 1} of 12.")
    page.keyboard.press("p")
    expect(page.locator("#hits-at")).to_have_text(f"{at} of 12")
    bar.get_by_role("button", name="Previous hit").click()
    expect(page.locator("#hits-at")).to_have_text(f"{(at - 2) % 12 + 1} of 12")

    # Back: the same results, and the one that was opened.
    page.go_back()
    page.wait_for_url("**/search/**")
    expect(titles(page)).to_have_count(2)
    expect(box(page)).to_have_value("piano source:harbour is:unread has:passages")
    page.wait_for_function("id => document.activeElement.closest('#results h2')?.id === id", arg="r1")


def test_a_passage_is_landed_on_with_its_hit_and_escape_leaves_the_hits(room, ada):
    article = make_article("The ferry", HARBOUR * 4)
    start = article.text.rindex("under a tarpaulin")
    made = mark(article, ada, "under a tarpaulin", note="Whose?")
    page = room.of(ada)
    page.goto("/search/?q=tarpaulin&kind=passages")
    titles(page).get_by_role("link").click()
    page.wait_for_url(f"**/?q=tarpaulin#h-{made.public_id}")
    expect(page.locator("#hits-at")).to_have_text("1 of 4")
    expect(page.locator(f"#n-{made.public_id}.is-active")).to_be_visible()
    assert start > 0
    page.keyboard.press("Escape")
    expect(page.locator("#hits")).to_have_count(0)
    becomes(page, "CSS.highlights.has('hit')", False)
    expect(page).not_to_have_url(re.compile("q="))
    # Its keys are free again: N is the key of the passage that has the focus.
    page.keyboard.press("n")
    expect(page.locator("#told")).not_to_contain_text("Hit")


def test_where_a_search_leads_to_is_not_yet_read(room, ada):
    article = make_article("The ferry", HARBOUR * 9 + "<p>At last the xylophone.</p>")
    page = room.of(ada)
    page.goto("/search/?q=xylophone")
    titles(page).get_by_role("link").click()
    page.wait_for_url("**/articles/**")
    expect(page.locator("#hits-at")).to_have_text("1 of 1")
    page.wait_for_function("() => innerHeight + scrollY > document.body.scrollHeight - 400")
    expect(page.locator("#finished")).to_be_hidden()
    assert not Reading.objects.filter(article=article, position__gt=0).exists()
    with clock_stands(page), page.expect_response("**/position/"):  # at once: else it is sent every ten seconds
        page.mouse.wheel(0, -40)
    expect(page.locator("#finished")).to_be_visible()


def test_hits_stay_on_their_words_when_one_is_marked(room, ada, article):
    page = room.of(ada)
    page.goto(f"{article.get_absolute_url()}?q=piano")
    expect(page.locator("#hits-at")).to_have_text("1 of 3")
    page.evaluate("""() => {
      const node = document.querySelector("#text p").firstChild;
      getSelection().setBaseAndExtent(node, 0, node, node.data.length);
    }""")
    page.get_by_role("toolbar", name="Selected text").get_by_role("button", name="Highlight in green").click()
    expect(page.locator("#text mark.hl")).to_have_count(1)
    becomes(page, hits, ["piano"] * 3)
    becomes(page, "[...CSS.highlights.get('hit-now')][0].startContainer.parentElement.matches('mark.hl')")


def test_hits_of_any_alphabet_are_where_the_server_says(room, ada):
    article = make_article(
        "Café", "<p>A 🙂 day 🎹 at the <em>café</em>, 🙂 &amp; one more cafe.</p><pre>\n🙂 Café</pre>"
    )
    page = room.of(ada)
    page.goto(f"{article.get_absolute_url()}?q=cafe")
    expect(page.locator("#hits-at")).to_have_text("1 of 3")
    becomes(page, hits, ["café", "cafe", "Café"])


def test_the_copy_of_an_article_that_a_search_led_to_is_the_article_alone(room, ada, article, complaints):
    complaints.expect_no_network()
    page = room.of(ada, service_workers="allow")
    page.goto("/")
    page.evaluate(TAKE_ON)
    page.goto(f"{article.get_absolute_url()}?q=piano")
    wait_until_kept(page, "/", article.get_absolute_url())
    page.context.set_offline(True)
    page.goto(article.get_absolute_url())
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("#hits")).to_have_count(0)


def test_keys_belong_to_what_is_open_before_they_belong_to_the_hits(room, ada, article):
    page = room.of(ada)
    page.goto(f"{article.get_absolute_url()}?q=piano")
    expect(page.locator("#hits-at")).to_have_text("1 of 3")
    expect(page.locator("#told")).to_contain_text("Hit 1 of 3.")
    page.locator("#state > .menu:not(#passages) > summary").click()
    page.keyboard.press("Escape")
    expect(page.locator("#hits")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".cursor")).to_be_focused()
    page.keyboard.press("n")  # the cursor of passage mode is on a paragraph: a note on it
    expect(page.get_by_role("form", name="Edit passage")).to_be_visible()
    expect(page.locator("#hits-at")).to_have_text("1 of 3")


def test_an_answer_that_comes_late_never_replaces_a_newer_one(room, ada):
    make_article("About ferries")
    make_article("About fog", "<p>Only weather.</p>", standfirst="")
    page = room.of(ada)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/search/found/?q=ferries", hold)
    page.goto("/search/")
    box(page).press_sequentially("ferries")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "true")
    box(page).fill("weather")
    expect(titles(page)).to_have_text(["About fog"])
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    expect(titles(page)).to_have_text(["About fog"])
    expect(page).to_have_url(re.compile(r"\?q=weather$"))
    expect(page.locator("#answer")).not_to_have_attribute("aria-busy", "true")


def test_each_rest_is_an_entry_of_the_history_and_each_letter_is_not(room, ada):
    make_article("About fog")
    page = room.of(ada)
    page.goto("/search/")
    with clock_stands(page):
        goes_through_its_rests(page)


def goes_through_its_rests(page: Page) -> None:
    def type_slowly(words):
        for letter in words:
            box(page).press_sequentially(letter)
            typed = box(page).input_value().replace(" ", "+")
            page.clock.run_for(200)
            expect(page).to_have_url(re.compile(rf"q={re.escape(typed)}$"))  # shown: that it has come is not enough

    type_slowly("fog")
    page.clock.run_for(2_000)
    box(page).press_sequentially(" ")
    type_slowly("is")
    expect(page).to_have_url(re.compile(r"q=fog\+is$"))
    page.go_back()
    expect(box(page)).to_have_value("fog")
    expect(titles(page)).to_have_count(1)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/search/$"))
    expect(box(page)).to_have_value("")
    expect(page.get_by_role("heading", name="What do you want to find again?")).to_be_visible()
    page.go_forward()
    expect(box(page)).to_have_value("fog")
    expect(titles(page)).to_have_count(1)


def test_enter_before_the_answer_makes_an_entry_of_the_history_as_well(room, ada, article):
    page = room.of(ada)
    page.goto("/search/")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/search/found/?q=piano", hold)
    with page.expect_request("**/search/found/?q=piano"):
        box(page).fill("piano")
    box(page).press("Enter")
    with clock_stands(page):  # no rest between the two
        held[0].continue_()
        expect(page).to_have_url(re.compile(r"\?q=piano$"))
        box(page).fill("fog")
        page.clock.run_for(200)
        expect(page).to_have_url(re.compile(r"\?q=fog$"))
    page.go_back()
    expect(box(page)).to_have_value("piano")
    expect(page).to_have_url(re.compile(r"\?q=piano$"))


def test_kinds_are_chosen_in_place_and_escape_clears(room, ada, article):
    mark(article, ada, "forty passengers", note="A piano?")
    page = room.of(ada)
    page.goto("/search/?q=piano")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Notes 1").click()
    expect(page).to_have_url(re.compile(r"\?q=piano&kind=notes$"))
    expect(page.locator("#results .kind")).to_have_text(["Note"])
    becomes(page, "document.activeElement.id", "kind-notes")
    box(page).fill("passengers")
    expect(page.get_by_role("heading", name="No passage says that.")).to_be_visible()
    page.get_by_role("link", name="Show 2 results of all kinds").click()
    expect(titles(page)).to_have_count(2)
    page.locator("#sort").click()
    page.get_by_role("link", name="Oldest first").click()
    expect(page).to_have_url(re.compile(r"\?q=passengers\+sort%3Aoldest$"))
    expect(box(page)).to_have_value("passengers sort:oldest")
    page.wait_for_function("() => document.activeElement.id === 'sort'")
    box(page).press("Escape")
    expect(box(page)).to_have_value("")
    expect(page).to_have_url(re.compile(r"/search/$"))
    page.go_back()
    expect(titles(page)).to_have_count(2)
    becomes(page, "window.same", True)


def test_more_goes_on_and_whoever_comes_back_finds_as_many(room, ada, article):
    copies(article, 44)
    page = room.of(ada)
    page.goto("/search/?q=piano")
    expect(titles(page)).to_have_count(20)
    page.get_by_role("link", name="Show more").focus()
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_count(40)
    page.wait_for_function("id => document.activeElement.closest('#results h2')?.id === id", arg="r21")
    expect(page.locator("#said")).to_have_text("20 more results")
    expect(page.locator("#more")).to_contain_text("40 of 45 results")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    before = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/**")
    page.go_back()
    expect(titles(page)).to_have_count(40)
    page.wait_for_function("y => Math.abs(scrollY - y) < 3", arg=before)
    page.wait_for_function("id => document.activeElement.closest('#results h2')?.id === id", arg="r25")


def test_without_a_network_nothing_is_lost_and_the_search_goes_on_with_it(room, ada, article, complaints):
    complaints.expect_no_network()
    page = room.of(ada)
    page.goto("/search/?q=piano")
    page.context.set_offline(True)
    box(page).fill("tarpaulin")
    expect(page.get_by_role("alert").filter(has_text="No connection.")).to_be_visible()
    expect(titles(page)).to_have_count(1)
    expect(box(page)).to_have_value("tarpaulin")
    box(page).fill("piano")  # taken back: nothing is missing
    expect(page.locator("#not-searched")).to_be_empty()
    box(page).fill("tarpaulin")
    expect(page.get_by_role("alert").filter(has_text="No connection.")).to_be_visible()
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile(r"\?q=tarpaulin$"))
    expect(page.locator("#not-searched")).to_be_empty()
    expect(page.locator(".hit")).to_have_text(["tarpaulin"])


def test_a_server_that_fails_is_told_beside_the_box(room, ada, article, complaints):
    complaints.expect("status of 503")
    page = room.of(ada)
    page.goto("/search/?q=piano")
    page.route("**/search/found/**", lambda route: route.fulfill(status=503, body="busy"), times=1)
    box(page).fill("tarpaulin")
    alert = page.locator("#not-searched")
    expect(alert).to_contain_text("The library is busy just now.")
    alert.get_by_role("button", name="Try again").click()
    expect(page.locator(".hit")).to_have_text(["tarpaulin"])
    expect(alert).to_be_empty()


def test_ben_finds_none_of_adas_notes(room, ada, ben, article):
    mark(article, ada, "forty passengers", note="xylophone", tags=["secret"])
    page = room.of(ben)
    page.goto("/search/")
    for typed in ("xylophone", "note:xylophone", "tag:secret", "has:note", "in:notes xylophone"):
        box(page).fill(typed)
        expect(page).to_have_url(re.compile(r"\?q="))
        page.wait_for_function("q => document.title.includes(q)", arg=typed)
        expect(titles(page)).to_have_count(0)
        expect(page.locator("main")).not_to_contain_text("xylophones")
        expect(page.locator(".tabs .count")).to_have_text(["0"] * 4)


def test_without_script_enter_searches_and_the_link_leads_to_the_words(room, ada, article):
    made = mark(article, ada, "By noon the fog", note="When?")
    copies(article, 24)
    page = room.of(ada, java_script_enabled=False)
    page.goto("/")
    box(page).fill("tarpaulin")
    box(page).press("Enter")
    expect(titles(page)).to_have_count(20)
    page.get_by_role("link", name="Show more").click()
    expect(titles(page)).to_have_count(5)
    page.goto("/search/?q=noon&kind=passages")
    titles(page).get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"#h-{made.public_id}$"))
    bar = page.get_by_role("region", name="Hits of the search")
    expect(bar).to_contain_text("1 hit")
    expect(bar.get_by_role("button")).to_have_count(0)
    bar.get_by_role("link", name="Go there").click()
    expect(page).to_have_url(re.compile("#b-5$"))
    bar.get_by_role("link", name="Close").click()
    expect(bar).to_have_count(0)


def broken_rules(page: Page) -> list[str]:
    at_rest(page)
    results = AXE.run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [f"{page.url}: {one['id']} {node['html'][:160]}" for one in results for node in one["nodes"]]


@pytest.mark.parametrize("screen", [WIDE, TABLET, PHONE], ids=["1440", "820", "390"])
def test_no_state_of_the_page_breaks_a_rule(room, ada, article, screen, complaints):
    complaints.expect("status of 503")
    copies(article, 24)
    mark(article, ada, "forty passengers", note="A piano?", tags=["sea"])
    make_article("العبّارة", "<p>غادرت العبّارة الميناء في السادسة.</p>", language="ar")
    page = room.of(ada, screen=screen, reduced_motion="reduce")
    found = []
    for address in (
        "/search/",
        "/search/?q=piano",
        "/search/?q=piano&kind=notes",
        "/search/?q=is:blue+zeppelin+tag:sea",
        "/search/?q=zeppelin",
        "/search/?q=pian",
        "/search/?q=العبّارة",
        f"{article.get_absolute_url()}?q=piano",
    ):
        page.goto(address)
        if "articles" in address:
            expect(page.locator("#hits-at")).to_contain_text("of")
        found += broken_rules(page)
    page.goto("/search/?q=piano")
    page.locator("#sort").click()
    found += broken_rules(page)
    page.route("**/search/found/**", lambda route: route.fulfill(status=503, body="busy"))
    box(page).fill("tarpaulin")
    expect(page.locator("#not-searched")).not_to_be_empty()
    found += broken_rules(page)
    assert found == []


def test_nothing_is_wider_than_the_smallest_screen(room, ada):
    article = make_article("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 2)
    mark(article, ada, "forty passengers", note="piano " + "x" * 90, tags=["a-very-long-tag-" + "y" * 30])
    page = room.of(ada, screen={**PHONE, "viewport": {"width": 320, "height": 640}})
    for address in (
        "/search/",
        "/search/?q=piano",
        "/search/?q=zeppelin+tag:sea",
        f"{article.get_absolute_url()}?q=piano",
    ):
        page.goto(address)
        becomes(page, "document.documentElement.scrollWidth", 320)


def test_what_follows_an_older_search_goes_nowhere(room, ada, article):
    copies(article, 44)
    make_article("About fog", "<p>Only weather.</p>", standfirst="")
    page = room.of(ada)
    page.goto("/search/?q=piano")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/search/found/?q=piano&after=**", hold)
    with page.expect_request("**/search/found/?q=piano&after=**"):
        page.get_by_role("link", name="Show more").click()
    box(page).fill("weather")
    expect(titles(page)).to_have_text(["About fog"])
    held[0].continue_()
    page.wait_for_load_state("networkidle")
    expect(titles(page)).to_have_text(["About fog"])
    expect(page.locator("#more")).to_have_text("1 of 1 result")
