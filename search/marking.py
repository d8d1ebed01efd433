"""What of a text answers the question, between `<mark>` and escaped. The same for every engine. Pure."""

from markupsafe import Markup

from core.texts import folded
from search.words import WORD, stem, words_of

SHORTEST_INNER = 4  # shorter ones stand by accident inside a word


def marked(text: str, question: str) -> Markup:
    """The text with every word marked that the question asks for, or the part of it that does."""
    words = words_of(question)
    found = Markup()
    place = 0
    for token in WORD.finditer(text):
        first, last = _part(token[0], words)
        found += text[place : token.start() + first]
        if first < last:
            found += Markup("<mark>{}</mark>").format(token[0][first:last])
        place = token.start() + last
    return found + text[place:]


def _part(token: str, words: list[str]) -> tuple[int, int]:
    """From where to where a word of the text is what was asked for; nowhere: twice the beginning."""
    plain = folded(token)
    if any(plain == word or stem(plain) == stem(word) for word in words):
        return 0, len(token)
    if len(plain) != len(token):
        return 0, 0
    for place, word in enumerate(words, start=1):
        if place == len(words) and plain.startswith(word):
            return 0, len(word)
        if len(word) >= SHORTEST_INNER and word in plain:
            return plain.index(word), plain.index(word) + len(word)
    return 0, 0
