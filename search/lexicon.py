"""What is known of Dutch words: how usual they are, from wordfreq, and the field's own in `wordlist.toml`."""

import hashlib
import tomllib
from functools import lru_cache
from pathlib import Path

from search.compounds import Compounds
from search.vocabulary import Vocabulary
from search.words import words_in

WORDLIST = Path(__file__).parent / "wordlist.toml"
SHORTEST_USUAL = 4  # shorter ones stand by accident in nearly every word
LEAST_USUAL = 600  # centibel below every word of a text: once in a million words
OWN = 4.0  # how usual the field's own words are, on the Zipf scale


@lru_cache
def vocabulary() -> Vocabulary:
    """The one of the register: usual Dutch words (wordfreq) and the field's own. Takes half a second, once."""
    own = tomllib.loads(WORDLIST.read_text("utf-8"))
    lexicon = _usual_words() | dict.fromkeys(own["parts"], OWN)
    return Vocabulary(Compounds(lexicon), own["synonyms"])


def digest() -> str:
    """Changes with the field's own words, so that an index knows that it was made with others."""
    return hashlib.sha256(WORDLIST.read_bytes()).hexdigest()


def _usual_words() -> dict[str, float]:
    """Folded words with how usual they are. Read from the file itself: the library would keep all 300,000 words."""
    from wordfreq import available_languages, read_cBpack  # noqa: PLC0415 -- large, and only who writes documents needs it

    usual: dict[str, float] = {}
    for centibel, words in enumerate(read_cBpack(available_languages("large")["nl"])[: LEAST_USUAL + 1]):
        for word in words:
            folded = "".join(words_in(word))
            if len(folded) >= SHORTEST_USUAL and folded.isalpha():
                usual.setdefault(folded, 9 - centibel / 100)
    return usual
