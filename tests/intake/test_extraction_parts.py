"""The steps of taking an article from a page, each by itself: placing chosen words, completing, bounds."""

import pytest

from newsreader.intake.extraction import extract
from newsreader.intake.extraction.keeping import completed
from newsreader.intake.extraction.parsing import parse
from newsreader.intake.extraction.placing import placed
from newsreader.intake.extraction.runs import runs_of
from newsreader.intake.extraction.titles import headline
from newsreader.intake.shape import Refused

ONE = "The harbour was rebuilt in three years, and nobody could find the way."
TWO = "Its new bridge carries trams, cyclists and, on Sundays, a market of old maps."
THREE = "What is missing is a bench, says the pilot, who has waited for the first boat."


def runs(html):
    return runs_of(parse(html).find("body"))


def placed_texts(html, chosen):
    found = runs(html)
    kept, _ = placed(found, chosen)
    return [found[number].text for number in sorted(kept)]


def completed_texts(html, *chosen):
    """What is kept of the page when the tools chose the lines that begin so."""
    found = runs(html)
    kept = {run.number for run in found if run.text.startswith(chosen)}
    return [found[number].text for number in sorted(completed(found, kept))]


def test_a_short_line_is_placed_between_its_neighbours_only():
    html = f"<p>Maps</p><p>{ONE}</p><p>Maps</p><p>{TWO}</p><p>Maps</p>"
    found = runs(html)
    assert placed(found, f"{ONE}\nMaps\n{TWO}")[0] == {1, 2, 3}


def test_of_two_copies_the_one_that_is_shown_is_taken():
    found = runs(f"<div hidden><p>{TWO}</p></div><p>{ONE}</p><p>{TWO}</p>")
    assert placed(found, f"{TWO}\n{ONE}")[0] == {1, 2}


def test_a_paragraph_of_which_the_tool_left_something_out_is_taken_whole():
    html = f"<p>{ONE}</p><p>{TWO} <span>(share)</span> {THREE}</p>"
    assert len(placed_texts(html, f"{ONE}\n{TWO} {THREE}")) == 2


def test_words_that_are_not_in_the_page_are_said_to_be_missing():
    assert placed(runs(f"<p>{ONE}</p>"), f"{ONE} {TWO} {THREE}")[1] < 0.5


def test_an_article_that_only_a_script_carries_is_taken_as_plain_paragraphs():
    body = f"{ONE} {TWO} {THREE} " * 3
    script = f'<script type="application/ld+json">{{"@type": "Article", "articleBody": "{body}"}}</script>'
    html = f"<html><head>{script}</head><body><div>Loading</div></body></html>"
    assert ONE in extract(html, "https://paper.example/a").document.html


def test_of_a_list_chosen_by_half_the_rest_comes_along():
    html = f"<p>{ONE}</p><ul><li>{TWO}</li><li>Trams</li><li>Old maps</li></ul>"
    assert completed_texts(html, ONE, TWO)[-2:] == ["Trams", "Old maps"]


def test_a_table_between_chosen_paragraphs_comes_along_and_a_list_of_links_does_not():
    table = "<table><tr><td>Bridge</td><td>40 m</td></tr></table>"
    links = '<ul><li><a href="/a">Read this too</a></li></ul>'
    html = f"<div><p>{ONE}</p>{table}{links}<p>{TWO}</p></div>"
    assert completed_texts(html, ONE, TWO) == [ONE, "Bridge", "40 m", TWO]


def test_a_heading_comes_along_with_what_it_heads():
    assert completed_texts(f"<p>{ONE}</p><h3>The bridge</h3><p>{TWO}</p>", ONE, TWO) == [ONE, "The bridge", TWO]


def test_a_footnote_comes_along_from_behind_the_article():
    html = (
        f'<div><p>{ONE}<a href="#n1">1</a></p><p>{TWO} <a href="#more">Read more of it</a></p></div>'
        f'<div><p id="n1">Four millions.</p><p id="more">Another article.</p></div>'
    )
    assert completed_texts(html, ONE, TWO)[-1] == "Four millions."


def test_a_tag_with_too_many_attributes_is_refused_before_it_is_parsed():
    with pytest.raises(Refused, match="attributes"):
        parse(f"<p {' '.join(f'a{n}=1' for n in range(30_000))}>x")
    with pytest.raises(Refused, match="tags"):
        parse("<p>a" * 60_000)


def test_a_statement_that_only_names_the_site_is_no_headline():
    site = "The Paper of Record"
    assert headline([site, "Harbour opens"], [site], f"Harbour opens - {site}", [site]) == "Harbour opens"
