"""Activity numbers: drawn, checked, read forgivingly. No Flask, no database, no clock. Rules: `docs/numbers.md`."""

import unicodedata
from collections.abc import Iterator
from random import Random

from stdnum.iso7064 import mod_37_36

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U
LENGTH = 8
SHORTEST_PART = 3
LONGEST_PART = 20  # numbers of the former register are longer than ours
SEPARATORS = frozenset("-_./\u2010\u2011\u2012\u2013\u2014\u2015\u2212")


def draw(random: Random) -> str:
    """A new number: seven random symbols and a check symbol (ISO 7064 MOD 31,30). Uniqueness is the caller's."""
    body = "".join(random.choices(ALPHABET, k=LENGTH - 1))
    return body + mod_37_36.calc_check_digit(body, ALPHABET)


def normalise(text: str) -> str:
    """What somebody typed, in capitals and without spaces or dashes of any kind."""
    if text.isascii() and text.isalnum():
        return text.upper()  # as nearly every number is written
    wide = unicodedata.normalize("NFKC", text).upper()
    return "".join(symbol for symbol in wide if symbol not in SEPARATORS and not symbol.isspace())


def is_valid(number: str) -> bool:
    """Whether a normalised text is a full number with the right check symbol."""
    return len(number) == LENGTH and set(number) <= set(ALPHABET) and _fits(number)


def _fits(number: str) -> bool:
    return str(mod_37_36.calc_check_digit(number[:-1], ALPHABET)) == number[-1]


def is_slip(text: str) -> bool:
    """Whether a text, in any notation, would be a full number but for its check symbol."""
    key = normalise(text)
    return len(key) == LENGTH and set(key) <= set(ALPHABET) and not _fits(key)


def is_part(text: str) -> bool:
    """Whether a normalised text can be (a part of) a number: long enough, letters and digits only."""
    return SHORTEST_PART <= len(text) <= LONGEST_PART and text.isascii() and text.isalnum()


def parts(number: str) -> list[str]:
    """Every ending of three symbols or more: a text is inside a number exactly if it begins one of these."""
    key = normalise(number)
    return [key[start:] for start in range(len(key) - SHORTEST_PART + 1)]


def after(part: str) -> str:
    """The first text that is larger than every text that begins with `part`, by code point."""
    return part[:-1] + chr(ord(part[-1]) + 1)


def near(text: str) -> list[str]:
    """Valid numbers one slip away from a full but wrong one: one symbol replaced, or two neighbours swapped."""
    if len(text) != LENGTH:
        return []
    return sorted({candidate for candidate in _slips(text) if candidate != text and is_valid(candidate)})


def _slips(text: str) -> Iterator[str]:
    for place in range(LENGTH):
        for symbol in ALPHABET:
            yield text[:place] + symbol + text[place + 1 :]
    for place in range(LENGTH - 1):
        yield text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def shown(number: str) -> str:
    """7K3F-9Q2N; a number of the former register as it was printed."""
    return f"{number[:4]}-{number[4:]}" if is_valid(number) else number
