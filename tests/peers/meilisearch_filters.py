"""The filter language of the Meilisearch double: as much of it as the official one documents for numbers and words."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Document = Mapping[str, Any]
Test = Callable[[Document], bool]
TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<sign>!=|>=|<=|[=<>()\[\],])|(?P<word>[\w.\-]+))""",
    re.ASCII | re.DOTALL,
)
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
}


class WrongFilter(Exception):  # noqa: N818 -- the sender's fault, not ours
    """The message is what the server tells."""


def compiled(wanted: Any, features: Mapping[str, Mapping[str, bool]]) -> Test:
    """A filter as it came: a text, or a list of which all are needed, in which a list means any of them.

    `features` has, for each attribute that may be filtered by, whether `equality` and `comparison` are allowed.
    """
    if wanted is None:
        return lambda _: True
    if isinstance(wanted, str):
        return _Parser(wanted, features).parsed() if wanted.strip() else lambda _: True
    if not isinstance(wanted, list):
        raise WrongFilter("Invalid syntax for the filter parameter: expected a String or an Array")
    parts = [compiled(one, features) if isinstance(one, str) else _any(one, features) for one in wanted]
    return lambda document: all(part(document) for part in parts)


def _any(wanted: Any, features: Mapping[str, Mapping[str, bool]]) -> Test:
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        raise WrongFilter("Invalid syntax for the filter parameter: arrays nest at most twice")
    parts = [compiled(one, features) for one in wanted]
    return lambda document: any(part(document) for part in parts)


def unquoted(text: str) -> str:
    """A value in quotes: only the quote itself is freed of its backslash, as the server does it."""
    quote = text[0]
    return text[1:-1].replace(f"\\{quote}", quote)


def values_of(document: Document, attribute: str) -> list[Any]:
    """What a document has there, as a list."""
    value = document.get(attribute)
    return value if isinstance(value, list) else [] if value is None else [value]


class _Parser:
    """Recursive descent: or → and → not → condition."""

    def __init__(self, text: str, features: Mapping[str, Mapping[str, bool]]) -> None:
        self._features = features
        self._tokens: list[tuple[str, str]] = []
        self._at = place = 0
        while text[place:].strip():
            match = TOKEN.match(text, place)
            if not match or match.end() == place:
                raise WrongFilter(f"Found unexpected characters at the end of the filter: `{text[place:].strip()}`")
            self._tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            place = match.end()

    def parsed(self) -> Test:
        test = self._or()
        if self._at < len(self._tokens):
            raise WrongFilter(f"Found unexpected characters at the end of the filter: `{self._tokens[self._at][1]}`")
        return test

    def _or(self) -> Test:
        parts = [self._and()]
        while self._takes("OR"):
            parts.append(self._and())
        return lambda document: any(part(document) for part in parts)

    def _and(self) -> Test:
        parts = [self._not()]
        while self._takes("AND"):
            parts.append(self._not())
        return lambda document: all(part(document) for part in parts)

    def _not(self) -> Test:
        if self._takes("NOT"):
            test = self._not()
            return lambda document: not test(document)
        if self._takes("("):
            test = self._or()
            self._need(")")
            return test
        return self._condition()

    def _condition(self) -> Test:
        attribute = self._value("an attribute")
        if attribute not in self._features:
            known = ", ".join(f"`{name}`" for name in sorted(self._features))
            raise WrongFilter(
                f"Attribute `{attribute}` is not filterable. Available filterable attributes are: {known}"
            )
        for take in (self._by_word, self._equal, self._compared):
            if test := take(attribute):
                return test
        return self._between(attribute)

    def _equal(self, attribute: str) -> Test | None:
        for sign in ("=", "!="):
            if self._takes(sign):
                self._allow(attribute, "equality", sign)
                return _one_of(attribute, [self._value("a value")], negated=sign == "!=")
        return None

    def _by_word(self, attribute: str) -> Test | None:
        if self._takes("EXISTS"):
            return lambda document: attribute in document
        is_negated = self._takes("NOT")
        if not self._takes("IN"):
            return None
        self._allow(attribute, "equality", "IN")
        self._need("[")
        wanted: list[str] = []
        while not self._takes("]"):
            wanted.append(self._value("a value"))
            self._takes(",")
        return _one_of(attribute, wanted, negated=is_negated)

    def _compared(self, attribute: str) -> Test | None:
        for sign, holds in COMPARISONS.items():
            if self._takes(sign):
                self._allow(attribute, "comparison", sign)
                bound = self._number()
                return lambda document: any(holds(value, bound) for value in _numbers(document, attribute))
        return None

    def _between(self, attribute: str) -> Test:
        """One and the same value must lie between, other than with two comparisons."""
        self._allow(attribute, "comparison", "TO")
        least = self._number()
        self._need("TO")
        most = self._number()
        return lambda document: any(least <= value <= most for value in _numbers(document, attribute))

    def _allow(self, attribute: str, feature: str, operator: str) -> None:
        if not self._features[attribute][feature]:
            raise WrongFilter(f"Filter operator `{operator}` is not allowed for the attribute `{attribute}`")

    def _number(self) -> float:
        text = self._value("a number")
        try:
            return float(text)
        except ValueError:
            raise WrongFilter(f"`{text}` is not a number") from None

    def _value(self, what: str) -> str:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("end", "nothing")
        if kind not in {"quoted", "word"}:
            raise WrongFilter(f"Was expecting {what} but instead got `{text}`")
        self._at += 1
        return unquoted(text) if kind == "quoted" else text

    def _takes(self, text: str) -> bool:
        here = self._at < len(self._tokens) and self._tokens[self._at] in {("word", text), ("sign", text)}
        self._at += here
        return here

    def _need(self, text: str) -> None:
        if not self._takes(text):
            raise WrongFilter(f"Was expecting `{text}`")


def _one_of(attribute: str, wanted: list[str], *, negated: bool) -> Test:
    folded = {value.casefold() for value in wanted}
    return lambda document: (
        any(str(value).casefold() in folded for value in values_of(document, attribute)) is not negated
    )


def _numbers(document: Document, attribute: str) -> list[float]:
    return [value for value in values_of(document, attribute) if isinstance(value, int | float)]
