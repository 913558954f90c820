"""Topics merged and collections put in order by keyboard, by drag and without script, in a browser; handed round."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

from newsreader.articles.models import Collection, Topic
from newsreader.articles.services import topic_named
from newsreader.desk import curators
from tests.browser.hands import clock_stands
from tests.desk.pages import desk
from tests.factories import make_article, make_user
from tests.patience import becomes

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def cleo(transactional_db):
    return curators.appoint(make_user("cleo", first_name="Cleo"))


@pytest.fixture
def enter(cleo, live_server):
    """Signs cleo in, in a page's browser."""

    def enter_in(page):
        client = Client()
        client.force_login(cleo)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.open = lambda name, *args, query="": page.goto(live_server.url + desk(name, *args) + query)
        return page

    return enter_in


@pytest.fixture
def desk_page(enter, page):
    return enter(page)


@pytest.fixture
def briefing(cleo):
    """A, B, C, D."""
    made = Collection.objects.create(name="Briefing", slug="briefing")
    for position, title in enumerate(("A ferry", "B bridge", "C coast", "D dock"), 1):
        made.items.create(article=make_article(title), position=position)
    return made


def shown(page):
    return "".join(text[0] for text in page.locator(".order-what > a").all_inner_texts())


def kept(collection):
    return "".join(title[0] for title in collection.items.order_by("position").values_list("article__title", flat=True))


def saved(page):
    """Waits for the answer to what is done in the block."""
    return page.expect_response(lambda answer: answer.url.endswith("/contents/"))


def add(page, words):
    """Looks an article up and adds it, by keyboard."""
    page.locator("#add .select2-selection").focus()
    page.keyboard.press("Enter")
    page.keyboard.type(words)
    options = page.locator(".select2-results__option")
    expect(options).to_have_text([re.compile(words)])  # no longer all that was offered before it was typed
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("1 article added.").wait_for()


def handed_round(reader, address):
    """What somebody without an account sees there, on the screen and on paper."""
    assert reader.goto(address).status == 200
    headings = ["A coast in winter", "The ferry that carried a piano", "The bridge"]
    expect(reader.locator(".contents h2")).to_have_text(headings)
    expect(reader.locator(".aside strong")).to_have_text("now")
    expect(reader.get_by_text("Read this first.")).to_be_visible()
    reader.get_by_role("link", name="To print").click()
    reader.emulate_media(media="print")
    expect(reader.get_by_text("forty passengers")).to_have_count(3)
    expect(reader.get_by_role("link", name="Contents only", include_hidden=True)).to_be_hidden()
    reader.emulate_media(media="screen")
    reader.get_by_role("link", name="Contents only").click()
    expect(reader).to_have_url(re.compile("texts=no"))
    expect(reader.get_by_text("A coast in winter")).to_be_visible()
    expect(reader.get_by_text("forty passengers")).to_have_count(0)


def test_a_collection_is_built_by_keyboard_alone_published_and_handed_round(
    desk_page, complaints, live_server, browser
):
    for title in ("The ferry that carried a piano", "The bridge", "A coast in winter"):
        make_article(title)
    desk_page.open("articles_collection_add")
    desk_page.get_by_label("Name:").press_sequentially("Ports this winter")
    desk_page.get_by_label("Introduction:").focus()
    desk_page.keyboard.type("Read *this* first.")
    desk_page.locator(".order-prose em").get_by_text("this").wait_for()
    desk_page.get_by_role("button", name="Save", exact=True).focus()
    desk_page.keyboard.press("Enter")
    desk_page.get_by_text("Nothing is in it yet.").wait_for()
    for words in ("carried", "bridge", "coast"):
        add(desk_page, words)
    becomes(desk_page, shown, "TTA")
    grip = desk_page.get_by_role("button", name="Move “A coast in winter”")
    grip.focus()
    with saved(desk_page):
        desk_page.keyboard.press("Home")
    desk_page.get_by_text("“A coast in winter” is now 1 of 3.").wait_for()
    expect(grip).to_be_focused()
    note = desk_page.get_by_text("Add a note").first
    note.focus()
    desk_page.keyboard.press("Enter")
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.type("Why **now**?")
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.press("Enter")
    desk_page.get_by_text("Note saved.").wait_for()
    made = Collection.objects.get()
    assert [item.article.title[:3] for item in made.items.order_by("position")] == ["A c", "The", "The"]
    reader = browser.new_context().new_page()
    page = f"{live_server.url}{made.get_absolute_url()}"
    assert reader.goto(page).status == 404
    desk_page.get_by_role("button", name="Publish").focus()
    desk_page.keyboard.press("Enter")
    desk_page.get_by_text("Published: readers find it now.").wait_for()
    handed_round(reader, page)
    reader.context.close()
    assert complaints == []


def test_buttons_move_at_once_keep_the_focus_and_are_taken_back_together(desk_page, complaints, briefing):
    desk_page.open("articles_collection_change", briefing.pk)
    up = desk_page.get_by_role("button", name="“D dock”: up")
    up.focus()
    with saved(desk_page) as answer, clock_stands(desk_page):  # else the first may be saved alone
        desk_page.keyboard.press("Enter")
        desk_page.keyboard.press("Enter")
        becomes(desk_page, shown, "ADBC")
        expect(up).to_be_focused()
    assert answer.value.status == 200
    assert kept(briefing) == "ADBC"
    desk_page.get_by_role("button", name="Undo the order").click()
    desk_page.get_by_text("Taken back").wait_for()
    becomes(desk_page, shown, "ABCD")
    assert kept(briefing) == "ABCD"
    assert complaints == []


def test_an_article_is_dragged_and_escape_puts_it_back(desk_page, complaints, briefing):
    desk_page.open("articles_collection_change", briefing.pk)
    grip = desk_page.get_by_role("button", name="Move “A ferry”")
    last = desk_page.locator(".order-list > li").last
    last.scroll_into_view_if_needed()

    def drag():
        start, end = grip.bounding_box(), last.bounding_box()
        desk_page.mouse.move(start["x"] + 8, start["y"] + 8)
        desk_page.mouse.down()
        desk_page.mouse.move(start["x"] + 8, end["y"] + end["height"] - 4, steps=6)

    drag()
    becomes(desk_page, shown, "BCDA")
    desk_page.keyboard.press("Escape")
    desk_page.mouse.up()
    becomes(desk_page, shown, "ABCD")
    drag()
    with saved(desk_page):
        desk_page.mouse.up()
    desk_page.get_by_text("“A ferry” is now 4 of 4.").wait_for()
    assert kept(briefing) == "BCDA"
    assert complaints == []


def test_two_windows_do_not_overwrite_each_other(desk_page, complaints, briefing):
    desk_page.open("articles_collection_change", briefing.pk)
    briefing.items.filter(article__title="D dock").update(position=0)
    with saved(desk_page) as answer:
        desk_page.get_by_role("button", name="“B bridge”: up").click()
    assert answer.value.status == 409
    desk_page.get_by_text("Somebody has changed this collection meanwhile.").wait_for()
    assert kept(briefing) == "DABC"
    desk_page.get_by_role("link", name="Load it as it is now").click()
    expect(desk_page.locator(".order-what > a").first).to_have_text("D dock")
    complaints[:] = [line for line in complaints if "409" not in line]
    assert complaints == []


def test_without_script_buttons_send_their_forms(enter, browser, briefing):
    page = enter(browser.new_context(java_script_enabled=False).new_page())
    page.open("articles_collection_change", briefing.pk)
    expect(page.locator(".order-grip").first).to_be_hidden()
    page.get_by_role("button", name="“C coast”: to the top").click()
    expect(page.get_by_text("“C coast” is now 1 of 4.")).to_be_visible()
    becomes(page, shown, "CABD")
    assert kept(briefing) == "CABD"
    make_article("A lighthouse")
    page.get_by_label("Find articles to add").fill("lighthouse")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_label("A lighthouse").check()
    page.get_by_role("button", name="Add those that are ticked").click()
    expect(page.get_by_text("1 article added.")).to_be_visible()
    page.context.close()


def test_topics_are_merged_from_the_list_after_a_look_and_taken_back(desk_page, complaints, cleo):
    ports, harbours = topic_named("Ports"), topic_named("Harbours")
    make_article("One").topics.add(ports)
    make_article("Two").topics.add(harbours)
    desk_page.open("articles_topic_changelist")
    desk_page.locator("#action-toggle").check()
    desk_page.get_by_label("Action:").select_option("merge_chosen")
    desk_page.get_by_role("button", name="Go", exact=True).click()
    desk_page.get_by_label("Ports").check()
    desk_page.get_by_role("button", name="See what it does").click()
    expect(desk_page.get_by_role("heading", name="All of it goes to “Ports”")).to_be_visible()
    assert Topic.objects.count() == 2
    desk_page.get_by_role("button", name="Merge 1 into “Ports”").click()
    desk_page.get_by_text("“Harbours” merged into “Ports”: 1 article.").wait_for()
    assert ports.articles.count() == 2
    desk_page.get_by_role("button", name="Undo").click()
    desk_page.get_by_text("Taken back").wait_for()
    assert [topic.articles.count() for topic in Topic.objects.all()] == [1, 1]
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_our_making_stands_in_the_way_of_anybody(desk_page, live_server, briefing, scheme):
    ports, harbours = topic_named("Ports"), topic_named("Harbours")
    make_article("One", state="draft").topics.add(ports)
    briefing.items.update(note="Read *this*.")
    desk_page.emulate_media(color_scheme=scheme)
    at = {
        desk("index"): "",
        desk("articles_collection_change", briefing.pk): "",
        desk("articles_topic_change", ports.pk): "",
        desk("articles_topic_rename", ports.pk): "?name=Docks&slug=docks",
        desk("articles_topic_merge"): f"?from={ports.pk}&from={harbours.pk}&into={ports.pk}",
        briefing.get_absolute_url(): "",
        f"{briefing.get_absolute_url()}print/": "",
    }
    for address, query in at.items():
        assert desk_page.goto(live_server.url + address + query).status == 200
        found = Axe().run(desk_page, context={"exclude": [".select2", ".datetime"]}).response["violations"]
        assert [(address, one["id"]) for one in found if one["impact"] in {"serious", "critical"}] == []


def test_on_a_phone_nothing_is_wider_than_the_screen(enter, browser, live_server, briefing):
    page = enter(browser.new_context(**PHONE).new_page())
    ports = topic_named("Ports")
    at = [
        desk("index"),
        desk("articles_collection_change", briefing.pk),
        f"{desk('articles_topic_rename', ports.pk)}?name=Docks&slug=docks",
        f"{desk('articles_topic_merge')}?from={ports.pk}&into={topic_named('Sea').pk}",
        briefing.get_absolute_url(),
        f"{briefing.get_absolute_url()}print/?texts=no",
    ]
    for address in at:
        page.goto(live_server.url + address)
        becomes(page, "document.documentElement.scrollWidth <= 390")
    page.context.close()
