"""Plain texts of many shapes: each comes out with its headline, standfirst and paragraphs, nothing twice or lost."""

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsreader.core.text import layout, text_of
from newsreader.intake.documents import Document, Refused, read
from newsreader.intake.headline import split_publisher

SEED = Path(__file__).parents[2] / "seeds" / "000_a91c50fb5893294a.txt"

LEAD = (
    "The last bus to the village of Oake left the square at ten past six on Friday evening with four passengers, "
    "a driver who had been on the route for thirty-one years, and a crate of hens that nobody claimed."
)
MORE = (
    "The council says that it can no longer pay for a service that carries, on most days, fewer people than it "
    "has wheels. The village says that there would be more of them if the bus still came on Sundays."
)
LAST = "“We shall walk,” said the postmistress, who is eighty-two, “and we shall be late, and they will hear about it.”"


def plain(text: str) -> Document:
    return read(text.encode(), "a.txt")


def paragraphs(document: Document) -> list[str]:
    laid = layout(document.html)
    return [laid.text[block.start : block.end] for block in laid.blocks]


def test_the_seed_article_comes_out_whole_and_says_nothing_twice():
    lines = [line for line in SEED.read_text(encoding="utf-8").split("\n") if line.strip()]
    document = read(SEED.read_bytes(), SEED.name)
    assert document.title == "Mali asks UN to withdraw peacekeeping mission ‘immediately’"
    assert document.source == "Al Jazeera English"
    assert document.standfirst == lines[2]
    assert paragraphs(document) == lines[3:]
    assert (document.byline, document.published, document.language) == ("", None, "en")


@pytest.mark.parametrize("cut", range(14, 80))
def test_a_headline_may_be_cut_off_anywhere_also_in_mid_word(cut):
    full = "Harbour ‘closed until spring’ as ice thickens – The Northern Light"
    bare = full.replace("‘", "").replace("’", "").replace("– ", "")
    document = plain(f"{bare[:cut]}\n\n{full}\n\n{LEAD}\n\n{MORE}\n")
    assert document.title == "Harbour ‘closed until spring’ as ice thickens"
    assert document.source == "The Northern Light"
    assert paragraphs(document) == [LEAD, MORE]


def test_a_title_and_paragraphs_need_no_standfirst():
    document = plain(f"A village says goodbye to its bus\n\n{LEAD}\n\n{MORE}\n\n{LAST}\n")
    assert document.title == "A village says goodbye to its bus"
    assert (document.standfirst, document.source) == ("", "")
    assert paragraphs(document) == [LEAD, MORE, LAST]


def test_a_short_paragraph_before_longer_ones_is_the_standfirst():
    document = plain(f"A village says goodbye\n\nThe council will save a little. Oake will walk.\n\n{LEAD}\n\n{MORE}")
    assert document.standfirst == "The council will save a little. Oake will walk."
    assert paragraphs(document) == [LEAD, MORE]


@pytest.mark.parametrize(
    ("headline", "title", "source"),
    [
        ("Bus leaves for the last time | The Harbour Post", "Bus leaves for the last time", "The Harbour Post"),
        ("Bus leaves for the last time - Field & Ledger", "Bus leaves for the last time", "Field & Ledger"),
        ("Bus leaves for the last time — harbourpost.example", "Bus leaves for the last time", "harbourpost.example"),
        ("Why We Walk – The Morning Herald", "Why We Walk", "The Morning Herald"),
        ("Part-time drivers – long-time friends | BBC News", "Part-time drivers – long-time friends", "BBC News"),
        ("Le dernier bus quitte le village – Le Monde", "Le dernier bus quitte le village", "Le Monde"),
        ("The long goodbye – how a village lost its bus", "The long goodbye – how a village lost its bus", ""),
        ("Anglo-French ferry deal in long-awaited re-run", "Anglo-French ferry deal in long-awaited re-run", ""),
        ("Why We Read – And What It Does", "Why We Read – And What It Does", ""),
        ("Cup final ends early – Oake 2 Wells 1", "Cup final ends early – Oake 2 Wells 1", ""),
        ("“We shall walk” – “and be late”", "“We shall walk” – “and be late”", ""),
        ("The bus is gone – Analysis", "The bus is gone – Analysis", ""),
    ],
)
def test_a_publisher_is_told_from_a_headlines_own_last_clause(headline, title, source):
    assert split_publisher(headline) == (title, source)
    document = plain(f"{headline}\n\n{LEAD}\n\n{MORE}")
    assert (document.title, document.source) == (title, source)


def test_byline_and_date_lines_are_understood_in_any_order():
    document = plain(
        f"A village says goodbye\n\nBy Ada Byron and Ben van der Lee\n\nIt was a good bus while it ran\n\n"
        f"Published: Friday, 16 June 2023\n\n{LEAD}\n\n{MORE}"
    )
    assert document.byline == "Ada Byron and Ben van der Lee"
    assert document.published == dt.date(2023, 6, 16)
    assert document.standfirst == "It was a good bus while it ran"
    assert paragraphs(document) == [LEAD, MORE]


def test_byline_and_date_may_share_a_line():
    document = plain(f"A village says goodbye\nBy Ada Byron | June 16, 2023 at 14:30 GMT\n\n{LEAD}\n\n{MORE}")
    assert document.byline == "Ada Byron"
    assert document.published == dt.datetime(2023, 6, 16, 14, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("line", ["By the river, nobody waits", "By Sunday it was over", "By Ada Byron | and more"])
def test_a_line_that_is_no_byline_stays_in_the_text(line):
    document = plain(f"A village says goodbye\n\n{line}\n\n{LEAD}\n\n{MORE}")
    assert document.byline == ""
    assert line in [document.standfirst, *paragraphs(document)]


def test_a_dateline_is_the_beginning_of_the_text():
    first = "OAKE – The bus has gone, and it will not be back."
    document = plain(f"A village says goodbye\n\n{first}\n\n{LEAD}\n\n{MORE}")
    assert document.standfirst == ""
    assert paragraphs(document) == [first, LEAD, MORE]


def test_windows_line_ends_make_no_difference():
    text = f"A village says goodbye\n\nThe council saves. Oake walks, and is late.\n\n{LEAD}\n\n{MORE}\n"
    assert plain(text.replace("\n", "\r\n")) == plain(text)
    assert plain(text.replace("\n", "\r")) == plain(text)


def wrapped(text: str, width: int) -> str:
    import textwrap

    return textwrap.fill(text, width)


@pytest.mark.parametrize("width", [60, 66, 72, 78])
def test_lines_wrapped_at_a_column_become_paragraphs_again(width):
    body = "\n\n".join(wrapped(text, width) for text in (LEAD, MORE, LAST))
    assert paragraphs(plain(f"A village says goodbye\n\n{body}\n")) == [LEAD, MORE, LAST]


def test_wrapped_paragraphs_may_be_told_by_their_indent():
    body = "\n".join(wrapped(f"   {text}", 72) for text in (LEAD, MORE))
    assert paragraphs(plain(f"A village says goodbye\n\n{body}\n")) == [LEAD, MORE]


def test_without_blank_lines_each_long_line_is_a_paragraph():
    assert paragraphs(plain(f"A village says goodbye\n{LEAD}\n{MORE}\n{LAST}\n")) == [LEAD, MORE, LAST]


def test_the_lines_of_a_poem_are_not_run_together():
    lines = ["The bus has gone, the square is bare,", "The hens have settled in the hall,", "And no one knows,"]
    lines += ["And few will care,", "If it went anywhere at all."]
    document = plain("The Last Bus\n\n" + "\n".join(lines))
    assert [document.standfirst, *paragraphs(document)] == ["", *lines]


def test_verse_of_even_length_is_not_taken_for_wrapped_prose():
    lines = [
        "The bus that left us in the rain was never seen by any",
        "Of those who waited by the stone to hear it in the lane,",
        "And though the people of the place are old and not so many",
        "They stand together in the dark and wait for it again,",
    ]
    document = plain("The Last Bus\n\n" + "\n".join(lines))
    assert [*filter(None, [document.standfirst]), *paragraphs(document)] == lines


def test_a_document_of_one_paragraph_keeps_it_whole_and_takes_a_title_from_it():
    document = plain(LEAD)
    assert paragraphs(document) == [LEAD]
    assert document.title.endswith("…")
    assert LEAD.startswith(document.title[:-1])


@pytest.mark.parametrize(
    ("text", "title"), [(".5 of it", ".5 of it"), ("… and rain. It fell.", "… and rain. It fell.")]
)
def test_a_title_taken_from_a_text_has_words_in_it(text, title):
    assert plain(text).title == title


def test_a_document_that_opens_with_prose_has_no_headline_to_lose():
    document = plain(f"{LEAD} {MORE}\n\n{LAST}")
    assert paragraphs(document) == [f"{LEAD} {MORE}", LAST]


@pytest.mark.parametrize("between", ["", "The council saves. Oake walks, and is late.\n\n"])
def test_a_title_repeated_as_the_first_line_of_the_text_is_said_once(between):
    document = plain(f"A village says goodbye\n\n{between}A village says goodbye\n\n{LEAD}\n\n{MORE}")
    assert document.title == "A village says goodbye"
    assert paragraphs(document) == [LEAD, MORE]


@pytest.mark.parametrize("lead", ["The last bus left in rain.", "The last bus left Oake on Friday in the rain"])
def test_a_text_that_begins_with_its_headlines_words_is_not_the_headline(lead):
    document = plain(f"The last bus\n\n{lead}\n\n{LEAD}\n\n{MORE}")
    assert document.title == "The last bus"
    assert [*filter(None, [document.standfirst]), *paragraphs(document)] == [lead, LEAD, MORE]


def test_a_standfirst_that_only_begins_the_text_gives_way_to_it():
    document = plain(f"A village says goodbye\n\n{LEAD[:90]}…\n\n{LEAD}\n\n{MORE}")
    assert document.standfirst == ""
    assert paragraphs(document) == [LEAD, MORE]


@pytest.mark.parametrize(
    ("title", "standfirst", "first", "language"),
    [
        (
            "عودة القطار الليلي بعد ست سنوات",
            "تعود الرحلة بعربتين للنوم ومقهى صغير.",
            "غادر القطار الليلي المحطة القديمة في الساعة العاشرة مساء يوم الجمعة وعلى متنه أربعون راكبا، "
            "وكان سائقه قد عمل على هذا الخط واحدا وثلاثين عاما قبل أن يتوقف.",
            "ar",
        ),
        (
            "רכבת הלילה חוזרת אחרי שש שנים",
            "שני קרונות שינה ובית קפה קטן חוזרים לקו.",
            "רכבת הלילה יצאה מן התחנה הישנה בשעה עשר בערב ביום שישי ועליה ארבעים נוסעים, "
            "והנהג שלה עבד על הקו הזה שלושים ואחת שנים לפני שנסגר.",
            "he",
        ),
    ],
)
def test_a_text_that_runs_from_right_to_left_has_the_same_parts(title, standfirst, first, language):
    document = plain(f"{title}\n\n{standfirst}\n\n{first}\n\n{first} {first}")
    assert (document.title, document.standfirst, document.language) == (title, standfirst, language)
    assert paragraphs(document) == [first, f"{first} {first}"]


def test_a_bulleted_text_becomes_a_list_and_numbers_stay_as_they_are_written():
    document = plain("What to pack\n\n- a rope\n- two lamps\n- oil\n\nIn this order:\n\n3. oil\n\n1. lamps\n")
    assert document.title == "What to pack"
    assert "<ul><li>a rope</li>" in document.html.replace("\n", "")
    assert " ".join(text_of(document.html).split()) == "a rope two lamps oil In this order: 3. oil 1. lamps"


@pytest.mark.parametrize("text", ["* * *\n", "----\n\n====\n"])
def test_signs_alone_are_no_text(text):
    with pytest.raises(Refused, match="no text"):
        plain(text)


def test_the_rule_under_a_headline_is_not_text():
    assert paragraphs(plain(f"The last bus\n============\n\n{LEAD}\n\n* * *\n\n{LAST}")) == [LEAD, "* * *", LAST]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (LEAD, "en"),
        ("Der letzte Bus fuhr am Freitag um zehn nach sechs vom Platz ab, mit vier Fahrgästen und einem Huhn.", ""),
        ("Последний автобус ушёл в пятницу, и его уже никто не ждёт.", "ru"),
        ("Останній автобус пішов у п’ятницю, і його вже ніхто не чекає її.", "uk"),
        ("最后一班公共汽车星期五离开了村子。", "zh"),
        ("最後のバスは金曜日に村を出ました。", "ja"),
        ("آخرین اتوبوس روز جمعه روستا را ترک کرد و دیگر برنمی‌گردد؛ پنج نفر", "fa"),
        ("1234 5678", ""),
    ],
)
def test_a_language_is_only_guessed_where_the_text_shows_it(text, language):
    assert plain(f"{text}\n\n{text} {text}").language == language


# Every word is as long as any other, so that no two of them say the same as one
words = st.lists(st.integers(0, 9999).map("word{:04}x".format), min_size=1, max_size=60).map(" ".join)
sentences = words.map(lambda text: f"{text[0].upper()}{text[1:]}.")
separators = st.sampled_from(["\n\n", "\n", "\r\n\r\n", "\n\n\n"])
blocks = st.one_of(
    sentences,
    words,
    sentences.map(lambda text: wrapped(text, 72)),
    words.map(lambda text: f"- {text}"),
    words.map(lambda text: f"{text.title()} – {text.title()[:20]}"),
    st.just("By Ada Byron"),
    st.just("16 June 2023"),
    st.just("OAKE – It rained."),
)


@settings(deadline=None)  # other programs may be busy
@given(st.lists(blocks, min_size=1, max_size=9), separators)
def test_no_word_of_a_text_is_lost_or_said_twice(parts, separator):
    text = separator.join(parts)
    try:
        document = plain(text)
    except Refused:
        return
    made = [document.title, document.source, document.standfirst, document.byline, text_of(document.html)]
    if document.published:
        made.append("16 June 2023")
    there, given_ = counted(" ".join(made)), counted(text)
    assert set(given_) - set(there) <= {"by"}
    # The headline may be an excerpt of the text; no other word comes out more often than it went in
    excerpt = counted(document.title)
    assert all(there[word] - excerpt.get(word, 0) <= given_.get(word, 0) for word in there)


@settings(deadline=None)  # other programs may be busy
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_in_a_sentence(text):
    try:
        document = plain(text)
    except Refused:
        return
    assert document.title.strip()
    assert text_of(document.html).strip()


def counted(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in re.findall(r"\w+", text.casefold()):
        found[word] = found.get(word, 0) + 1
    return found
