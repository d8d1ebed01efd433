"""What an address asks the search: words or a number, what to narrow to, in which order. Faults keep what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from marshmallow import ValidationError, validates_schema
from werkzeug.datastructures import MultiDict

from catalogue.schemas import DutchDate, DutchHours
from core.form_errors import first_errors
from core.form_fields import Form, Line
from core.texts import tidy_line
from search.index import FACETS, Filters, Order

BOUNDS = ("van", "tot", "urenVan", "urenTot")
MOST_CHOSEN = 20
LONGEST_VALUE = 100


class _Bounds(Form):
    """The days and hours that results lie between."""

    first_day = DutchDate(data_key="van", load_default=None)
    last_day = DutchDate(data_key="tot", load_default=None)
    least_hours = DutchHours(data_key="urenVan", load_default=None)
    most_hours = DutchHours(data_key="urenTot", load_default=None)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        faults = {}
        if _is_turned(data.get("first_day"), data.get("last_day")):
            faults["tot"] = ["De laatste dag ligt voor de eerste. Kies een latere dag."]
        if _is_turned(data.get("least_hours"), data.get("most_hours")):
            faults["urenTot"] = ["Het hoogste aantal uren is lager dan het laagste. Vul een hoger aantal in."]
        if faults:
            raise ValidationError(faults)


class _Typed(Form):
    """The same as it was typed, cleaned."""

    van = Line(load_default="")
    tot = Line(load_default="")
    urenVan = Line(load_default="")  # noqa: N815 -- as it stands in the address
    urenTot = Line(load_default="")  # noqa: N815


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, as far as it can be read, with what was typed and what is wrong with it, by field."""

    text: str
    filters: Filters
    order: Order
    typed: Mapping[str, str]
    errors: Mapping[str, str]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words was asked for."""
        return bool(self.filters.chosen) or any(self.typed.values())

    @property
    def args(self) -> dict[str, Any]:
        """The question for an address, without the page; what is as usual is left out."""
        order = "" if self.order == self.usual_order else self.order.value
        args = {"q": self.text, **self.filters.chosen, **self.typed, "volgorde": order}
        return {name: value for name, value in args.items() if value}

    @property
    def usual_order(self) -> Order:
        """Without words nothing is nearer to the question than something else: the newest first."""
        return _usual(self.text)


def readable(query: bytes) -> MultiDict[str, str]:
    """The query string of an address, without bytes that are no text."""
    return MultiDict(parse_qsl(query.decode(errors="ignore"), keep_blank_values=True, errors="ignore"))


def asked(text: str, args: MultiDict[str, str]) -> Asked:
    """Read an address. What it says that cannot be read is named and not used."""
    typed = _Typed().load({name: args.get(name, "")[:LONGEST_VALUE] for name in BOUNDS})
    bounds, errors = _bounds(typed)
    chosen = {facet: _values(args, facet) for facet in FACETS}
    order = args.get("volgorde", "")
    return Asked(
        text=text,
        filters=Filters(chosen={facet: values for facet, values in chosen.items() if values}, **bounds),
        order=Order(order) if order in set(Order) else _usual(text),
        typed=typed,
        errors=errors,
    )


def _usual(text: str) -> Order:
    return Order.RELEVANCE if text else Order.NEWEST


def _bounds(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    try:
        return _Bounds().load(typed), {}
    except ValidationError as fault:
        errors = first_errors(fault)
        good = {name: text for name, text in typed.items() if name not in errors}
        return _Bounds().load(good), errors


def _values(args: MultiDict[str, str], facet: str) -> tuple[str, ...]:
    values = dict.fromkeys(tidy_line(value)[:LONGEST_VALUE] for value in args.getlist(facet))
    return tuple(filter(None, values))[:MOST_CHOSEN]


def _is_turned(least: date | Decimal | None, most: Any) -> bool:
    return least is not None and most is not None and least > most
