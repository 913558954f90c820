"""Words that mean nothing, used as often as words are: the vocabularies that `invented` writes with. Pure.

The r-th most common word is used in proportion to 1 / (r + 2.7) (Zipf's law as Mandelbrot corrected it). The commonest
are real (the, und, de); all others are made of syllables, with endings that stemmers take off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

SHIFT = 2.7  # Mandelbrot's: the very first words are less far apart than Zipf says

_COMMON = {
    "en": "the of and to a in that is was for it with as on be by at are this from have or had not but which were "
    "they his their we an has been its would who more one there said about when will all can out up what so into "
    "than after other some no if could may over new then only also two most first between such any these many "
    "before because should through where while against under last since both still again never off each",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er "
    "hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son "
    "aux ou mais comme nous été leur ont elle cette deux fait être après même ans sans",
    "ja": "の に は を た が で て と し れ さ ある いる も する から な こと として い や れる など なっ ない",
}
_ENDINGS = {
    "en": (("",), ("", "s"), ("", "s"), ("", "s", "ed", "ing", "er"), ("", "ly", "ness"), ("", "ation", "able")),
    "de": (("", "en", "es"), ("en", "t", "te", "end", "ung"), ("lich", "liche", "lichen"), ("heit", "heiten")),
    "fr": (("", "s"), ("er", "é", "ée", "ait", "ant"), ("ement", "ements"), ("ique", "iques"), ("ation", "ations")),
}
_LEMMAS = {"en": 30_000, "de": 10_000, "fr": 8_000, "ja": 6_000}
_ONE, _TWO = 900, 12_000  # so many lemmas have one syllable, so many at most two
_ONSETS = {
    "en": "b c d f g h k l m n p r s t v w b c d f g h l m n p r s t b d l m n r s t br ch fl gr qu sh st th".split(),  # noqa: SIM905
    "de": "b d f g h k l m n p r s t w b d f g h l m n r s t z br gr kr pf sch st tr".split(),  # noqa: SIM905
    "fr": "b c d f g l m n p r s t v b c d f l m n p r s t br ch fl j pl pr tr".split(),  # noqa: SIM905
}
_VOWELS = {
    "en": "a e i o u a e i o u ea ou".split(),  # noqa: SIM905
    "de": "a e i o u a e i o ä ö ü ei au".split(),  # noqa: SIM905
    "fr": "a e i o u a e i é è ai ou".split(),  # noqa: SIM905
}
_CODAS = {
    "en": "n r l m t d s n r l t nd rn ck st".split(),  # noqa: SIM905
    "de": "n r l m t nd rg ch ft".split(),  # noqa: SIM905
    "fr": "n r l t s nt".split(),  # noqa: SIM905
}
_KANJI = (
    "山川田中本日月火水木金土人口目手足力男女子学校先生年時分半今行来見聞読書話食飲買休出入立会社車電駅道町村国外語"
)
_FIRSTS = [onset.capitalize() + vowel for onset in dict.fromkeys(_ONSETS["en"]) for vowel in "aeiou"]
_MIDDLES = [first.lower() for first in _FIRSTS]
_LASTS = [onset + vowel + coda for onset in "bdfgklmnprtv" for vowel in "aeiou" for coda in ("n", "r", "l", "ck")]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A language's words, the commonest first; the first `common` of them are real. `space` stands between two."""

    words: tuple[str, ...]
    common: int
    space: str

    def drawn(self, dice: Random, count: int) -> list[str]:
        """So many words as texts have them: by the inverse of the sum of 1 / (rank + SHIFT), without a table of it."""
        known, random = self.words, dice.random
        ratio = (len(known) + SHIFT) / SHIFT
        return [known[int(SHIFT * ratio ** random() - SHIFT)] for _ in range(count)]

    def between(self, dice: Random, first: int, last: int, count: int) -> list[str]:
        """So many words of the ranks [first, last), each as likely as the next."""
        return [self.words[dice.randrange(first, last)] for _ in range(count)]


@lru_cache(maxsize=8)
def vocabulary(language: str) -> Vocabulary:
    """The words of a language ("" is English). Always the same."""
    language = language or "en"
    dice = Random(f"words {language}")  # noqa: S311 - nothing here is a secret
    common = _COMMON[language].split()
    if language == "ja":
        runs = ("".join(dice.choices(_KANJI, k=dice.randint(1, 3))) for _ in range(_LEMMAS["ja"]))
        return Vocabulary(tuple(dict.fromkeys([*common, *runs])), len(common), "")
    real = set(common)
    ranks: dict[str, float] = {}
    for rank in range(_LEMMAS[language]):
        stem = lemma(dice, 1 if rank < _ONE else 2 if rank < _TWO else 3, language)
        for place, ending in enumerate(dice.choice(_ENDINGS[language])):
            ranks.setdefault(stem + ending, (rank + 1) * (1 + place * dice.uniform(0.5, 2.0)))
    own = sorted((word for word in ranks if word not in real), key=ranks.__getitem__)
    return Vocabulary((*common, *own), len(common), " ")


def lemma(dice: Random, syllables: int, language: str = "en") -> str:
    """A word without an ending."""
    onsets, vowels = _ONSETS[language], _VOWELS[language]
    return "".join([dice.choice(onsets) + dice.choice(vowels) for _ in range(syllables)]) + dice.choice(
        _CODAS[language]
    )


def name(dice: Random) -> str:
    """One of four million."""
    random = dice.random
    middle = _MIDDLES[int(random() * len(_MIDDLES))]
    return _FIRSTS[int(random() * len(_FIRSTS))] + middle + _LASTS[int(random() * len(_LASTS))]


def distinct(count: int, make: Callable[[], str]) -> tuple[str, ...]:
    """So many different answers of `make`."""
    made: dict[str, None] = {}
    while len(made) < count:
        made[make()] = None
    return tuple(made)
