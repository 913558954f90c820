"""A believable library for pictures: a few articles of our own, and what their reader Ada has made of them.

Fills the database that the settings name, which must hold the seeds and no account yet.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from newsreader.accounts import services as accounts
from newsreader.accounts.models import User
from newsreader.annotations import services as annotations
from newsreader.annotations.models import Highlight
from newsreader.articles import services as articles
from newsreader.articles.models import Article, Collection, CollectionItem
from newsreader.core.clean import clean
from newsreader.core.passages import Quote
from newsreader.desk.curators import appoint
from newsreader.search import saved as searches

PASSWORD = "a pen in the hand"  # noqa: S105 of a library that lives for minutes

COLOURS = ("yellow", "green", "blue", "rose", "violet")

FERRY = """
<p>The first night ferry in nine years left the mainland at six, an hour late, with forty passengers, two bicycles and
a piano. Nobody had asked about the piano. It was simply there, under a tarpaulin, when the ramp came up.</p>
<p>“We sail when we sail,” the mate said, and went to look for the cook.</p>
<h2>What the timetable says</h2>
<table><thead><tr><th>Port</th><th>Leaves</th><th>In winter</th></tr></thead><tbody>
<tr><td>North quay</td><td>18.00</td><td>17.00</td></tr>
<tr><td>Outer skerries</td><td>23.40</td><td>on request</td></tr>
</tbody></table>
<p>The timetable for winter is still being argued over. The council wants five crossings a week; the company has offered
three, and a fourth when the weather allows it.</p>
<ul><li>Rope, <strong>two coils</strong></li><li>Lamp oil</li><li>One piano, upright</li></ul>
<p>By noon the fog had closed over the islands, and the piano was out of tune.</p>
"""
GAUGE = """
<p>Every contract on the lower river names the plate, not the water. The plate is enamel, it was screwed to the pier in
1911, and it is read each morning by whoever has the early shift at the lock.</p>
<p>Barges load by that number. At 3.40 they carry everything; at 2.10 they carry half, and the price of grain in the
three towns downstream follows within the day. The district office would like to replace the plate with a sensor. The
shippers would not.</p>
<p>“A sensor can be wrong all night,” said one of them. “The plate is wrong by the same finger’s breadth since 1911, and
everybody has got used to it.”</p>
<p>The office counts eleven disputes in forty years. None of them was about the reading.</p>
"""
ARABIC = """
<p>غادرت العبّارة الميناء في السادسة مساءً، متأخرة ساعة كاملة، وعلى متنها أربعون راكبًا وبيانو واحد. لم يسأل أحد عن
البيانو؛ كان هناك فحسب، تحت غطاء سميك، حين ارتفع الجسر.</p>
<p>قال مساعد القبطان: «نُبحر حين نُبحر»، ثم مضى يبحث عن الطبّاخ.</p>
<p>عند الظهر أطبق الضباب على الجزر، ولم يعد صوت البيانو كما كان.</p>
"""
LONG = (
    "On the question whether the harbour authority’s Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunter"
    "beamtengesellschaft may be quoted in full, in a headline, on a telephone, and what should be done where it may not"
)


def fill() -> dict[str, str]:
    """Everything; gives the paths of pages that pictures ask for, by name."""
    operator = User.objects.create_superuser("operator", password=PASSWORD, first_name="Oskar")
    ada = User.objects.create_user("ada", password=PASSWORD, first_name="Ada")
    User.objects.create_user("ben", password=PASSWORD, first_name="Ben")
    appoint(User.objects.create_user("cleo", password=PASSWORD, first_name="Cleo"))
    _publish()
    _read(ada)
    _keep_searches(ada)
    lost = _correct(operator)
    _throw_away(ada)
    open_note = Highlight.objects.get(article__title__startswith="The edge", colour="violet")
    return {
        "seed": _one("Mali asks UN").get_absolute_url(),
        "guide": _one("Read with a pen").get_absolute_url(),
        "edge": _one("The edge of the page").get_absolute_url(),
        "lost": lost.get_absolute_url(),
        "arabic": _one("العبّارة").get_absolute_url(),
        "long": _one(LONG[:20]).get_absolute_url(),
        "note": f"/highlights/{open_note.public_id}/",
        "desk-article": f"/desk/articles/article/{lost.pk}/change/",
        "password": f"/accounts/password/{accounts.password_link(ada, by=operator)}/",
    }


def _one(title: str) -> Article:
    article: Article = Article.objects.get(title__startswith=title)
    return article


def _publish() -> None:
    """Articles beside the seeds; one is a draft, two make a collection."""
    ferry = _article(
        "Night ferries return to the northern islands after nine years", FERRY, "The Harbour Post", 2,
        standfirst="The first sailing carried forty passengers, two bicycles and a piano. The timetable for winter is "
        "still being argued over.", topics=[articles.topic_named("Ports")], byline="By Ines Aldous, on the north quay",
    )  # fmt: skip
    gauge = _article(
        "How a river gauge from 1911 still sets the price of grain", GAUGE, "Field & Ledger", 5,
        standfirst="Barges load by the reading on one enamel plate. A district office would like to replace it; the "
        "shippers would not.", topics=[articles.topic_named("Rivers")], address="https://example.org/gauge",
    )  # fmt: skip
    _article("العبّارة التي حملت بيانو", ARABIC, "بريد الميناء", 9, language="ar", standfirst="أبحرت متأخرة ساعة كاملة.")
    _article(LONG, FERRY, "Quarterly Review of Headlines, Captions and Very Long Names of Sources", 12, standfirst="")
    _article(
        "What two centuries of tide tables know", GAUGE, "Coastal Science Review", 20, standfirst="High water, low."
    )
    _article("A draft about lighthouses", FERRY, "The Harbour Post", 1, state="draft")
    collection = Collection.objects.create(name="Ports and rivers", slug="ports-and-rivers")
    for position, article in enumerate((ferry, gauge)):
        CollectionItem.objects.create(collection=collection, article=article, position=position)


def _article(title: str, html: str, source: str, days: int, **fields: Any) -> Article:
    fields = {"language": "en", "state": "published", "published": timezone.now() - timedelta(days=days), **fields}
    return articles.add_article(title=title, html=clean(html), sources=[articles.source_named(source)], **fields)


def _read(ada: User) -> None:
    """Passages in all five colours, some of them over each other; notes, tags, and places in the library."""
    edge = _one("The edge of the page")
    _mark(edge, ada, "For a moment there are three of you in the room", "yellow", tags=["to-quote"],
          note="The **whole point** of the piece. Open the talk with it.")  # fmt: skip
    _mark(edge, ada, "A page needs a place for the thumb, a little air around the text", "green")
    binder = "Says who? Ask the binder:\n\n- how wide was it trimmed?\n- and was that usual?"
    _mark(edge, ada, "a little air around the text, and some spare paper or parchment for the binder’s knife", "blue",
          note=binder, tags=["to-check"])  # fmt: skip
    _mark(edge, ada, "the gloss grew until the text was a small island in a sea of its own commentary", "rose",
          note="Is there a picture of one that we may show?", tags=["pictures", "to-check"])  # fmt: skip
    _mark(edge, ada, "The proof takes more than a hundred pages", "violet", tags=["follow-up"],
          note="Wiles, 1995. Find the year of the note.")  # fmt: skip
    _mark(edge, ada, "It keeps a question until there is time to answer it.", "green", tags=["to-quote"])
    articles.note_position(edge, reader=ada, position=int(edge.length * 0.62))
    gauge = _one("How a river gauge")
    _mark(gauge, ada, "Every contract on the lower river names the plate, not the water.", "blue",
          note="The best sentence in it.", tags=["rivers", "method"])  # fmt: skip
    _mark(
        gauge, ada, "the price of grain in the three towns downstream follows within the day", "rose", tags=["to-check"]
    )
    articles.note_position(gauge, reader=ada, position=int(gauge.length * 0.28))
    ferry = _one("Night ferries")
    _mark(ferry, ada, "Nobody had asked about the piano.", "yellow", note="Neither did we.", tags=["quote"])
    _mark(
        ferry,
        ada,
        "The council wants five crossings a week",
        "green",
        tags=["numbers"],
        note="Three offered. See the minutes.",
    )
    arabic = _one("العبّارة")
    _mark(arabic, ada, "أربعون راكبًا وبيانو واحد", "violet", note="أربعون أم أربعة وأربعون؟", tags=["to-check"])
    articles.note_state(_one("Vom langsamen"), reader=ada, place="later", unread=True)
    articles.note_state(_one("What two centuries"), reader=ada, place="archive", unread=False, position=10**6)
    articles.note_state(edge, reader=ada, favourite=True)


def _mark(article: Article, reader: User, words: str, colour: str, **content: Any) -> Highlight:
    start = article.text.index(words)
    quote = Quote(exact=words, prefix="", suffix="", hint=start)
    return annotations.highlight(article, reader=reader, quote=quote, colour=colour, **content)


def mark_much(username: str, number: int) -> str:
    """An article like the one on marginalia, with that many marks, every second one with a note; its path."""
    edge = _one("The edge of the page")
    article = _article(
        "The edge of the page, read closely", edge.html, "The Harbour Post", 1, standfirst=edge.standfirst
    )
    reader = User.objects.get(username=username)
    step = article.length // number
    for place in range(number):
        words = article.text[place * step :][:40].strip()
        note = {} if place % 2 else {"note": "Says who? Ask the **binder**."}
        quote = Quote(exact=words, prefix="", suffix="", hint=place * step)
        annotations.highlight(article, reader=reader, quote=quote, colour=COLOURS[place % len(COLOURS)], **note)
    return article.get_absolute_url()


def _correct(operator: User) -> Article:
    """An edit that takes marked words away: one passage is lost."""
    article = _one("Night ferries")
    html = article.html.replace(
        "The council wants five crossings a week; the company has offered", "The company offers"
    )
    annotations.revise_article(article, html=html, editor=operator, reason="The council has withdrawn its demand.")
    return article


def _keep_searches(ada: User) -> None:
    for name, query, kind in (
        ("Pianos", "piano", "all"),
        ("Ferries and harbours", "ferry OR harbour sort:newest", "articles"),
        ("What I wrote about pictures", "picture", "notes"),
        ("To check this month", "tag:to-check after:-1m", "all"),
    ):
        searches.pin(searches.save(query, reader=ada, name=name, kind=kind), on=kind != "all")


def _throw_away(ada: User) -> None:
    gauge = _one("How a river gauge")
    for words, colour, note in (
        ("everybody has got used to it", "yellow", "So they say."),
        ("None of them was about the reading.", "rose", ""),
    ):
        annotations.delete(_mark(gauge, ada, words, colour, note=note))
