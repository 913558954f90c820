"""Which stemmer an article's language has. Pure."""

# Primary subtags (BCP 47) and the names that Snowball has for them.
STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
# Written in other letters, they take what is in Latin ones for English.
_OTHER_LETTERS = {"arabic", "armenian", "greek", "hindi", "nepali", "russian", "serbian", "tamil", "yiddish"}


def stemmer(language: str) -> str:
    """The stemmer for a language; English where it is unknown, "simple" (none) where there is none."""
    tag = language.lower().replace("_", "-").partition("-")[0]
    return STEMMERS.get(tag, "simple") if tag else "english"


def stemmer_of_ascii(name: str) -> str:
    """The stemmer for words in ASCII letters within a text of that stemmer's language."""
    return "english" if name in _OTHER_LETTERS else name
