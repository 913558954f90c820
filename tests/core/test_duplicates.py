"""Versions of one story are found however their words were changed; columns with one footer are no versions."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.duplicates import BINS, CROWD, likeness, pairs, sketch, spread, versions

NOUNS = [
    "ferry",
    "harbour",
    "piano",
    "mate",
    "fog",
    "island",
    "rope",
    "lamp",
    "tarpaulin",
    "quay",
    "coil",
    "hour",
    "ramp",
    "noon",
    "oil",
    "bell",
]
VERBS = [
    "left",
    "carried",
    "asked",
    "sailed",
    "closed",
    "waited",
    "turned",
    "heard",
    "found",
    "kept",
    "tied",
    "sank",
    "rang",
    "called",
    "drew",
    "held",
]
FOOTER = (
    "Each week this column looks at what the harbour does for those who live on the islands. Write to us if you know "
    "of a ferry, a lamp or a rope that others should hear about, and we will go and look at it."
)


def text(seed, words=300):
    dice = random.Random(seed)
    said = [f"{dice.choice(NOUNS)}{dice.randrange(40)} {dice.choice(VERBS)} the" for _ in range(words // 3)]
    return " ".join(said)


def changed(original, share, seed=1):
    dice = random.Random(seed)
    words = original.split()
    for at in dice.sample(range(len(words)), int(share * len(words))):
        words[at] = f"other{dice.randrange(10_000)}"
    return " ".join(words)


def found(texts):
    near = pairs({name: sketch(words) for name, words in texts.items()})
    return {frozenset(pair) for *pair, _ in near if versions(*(texts[name] for name in pair))}


@pytest.mark.parametrize(("share", "least"), [(0, 20), (0.05, 20), (0.15, 19), (0.3, 16)])
def test_a_copy_is_found_with_up_to_a_third_of_its_words_changed(share, least):
    texts = {f"original {n}": text(n) for n in range(20)}
    copies = {f"copy {n}": changed(text(n), share) for n in range(20)}
    right = {frozenset((f"original {n}", f"copy {n}")) for n in range(20)}
    given = found(texts | copies)
    assert given <= right
    assert len(given) >= least


def test_columns_with_one_footer_are_no_versions_of_one_another():
    texts = {n: f"{text(n, 120)} {FOOTER}" for n in range(10)}
    near = list(pairs({name: sketch(words) for name, words in texts.items()}))
    assert near, "the footer makes them near, so that this test asks the closer look"
    assert found(texts) == set()


def test_a_shortened_version_is_found():
    assert versions(text(1), text(1)[: len(text(1)) // 2])


def test_what_is_too_short_to_compare_is_like_nothing():
    assert sketch("It left at six.") == b""
    assert likeness(b"", sketch(text(1))) == 0
    assert not versions("It left at six.", "It left at six.")


def test_only_pairs_with_something_new_are_given_where_that_is_asked():
    sketches = {"a": sketch(text(1)), "b": sketch(text(1)), "c": sketch(text(1))}
    assert {frozenset(pair) for *pair, _ in pairs(sketches, new={"c"})} == {frozenset("ac"), frozenset("bc")}
    assert list(pairs(sketches, new=set())) == []


def test_a_page_that_hundreds_have_is_no_pair():
    """Otherwise a thousand saved error pages would be half a million pairs."""
    assert list(pairs({n: sketch(text(1)) for n in range(CROWD + 1)})) == []


def test_a_sketch_is_as_long_whatever_the_text():
    assert {len(sketch(text(1, words))) for words in (30, 300, 3_000)} == {4 * BINS}


@given(st.text(), st.text())
def test_no_text_raises_and_likeness_is_symmetrical(one, other):
    assert likeness(sketch(one), sketch(other)) == likeness(sketch(other), sketch(one))
    assert 0 <= spread(one, other) <= 1
    assert likeness(sketch(one), sketch(one)) in {0, 1}
