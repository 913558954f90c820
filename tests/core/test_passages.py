from newsreader.core.passages import Placed, Quote, Span, locate, quote_at


def test_a_quote_comes_back_from_where_it_was_made():
    text = "One day a fox came by. Another day a fox came by."
    span = Span(35, 48)
    assert locate(text, quote_at(text, span)) == Placed(span, "exact", 1.0)


def test_words_that_stand_twice_are_told_apart_by_their_context():
    text = "One day a fox came by. Another day a fox came by."
    found = locate("It was late. " + text, Quote("a fox", prefix="Another day ", suffix=" came by.", hint=35))
    assert isinstance(found, Placed)
    assert found.span == Span(48, 53)
