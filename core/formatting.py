"""How dates, hours and texts look in Dutch. Used by templates, letters and commands alike."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask
from markupsafe import Markup, escape

from core.clock import AMSTERDAM, day_of
from core.policy.calendar import working_days_between

LOCALE = "nl_NL"
PLAIN = re.compile(r"-?[0-9]+([.,][0-9]+)?")
GROUPED = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
GROUPED_IN_ENGLISH = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+")
LIST_MARK = re.compile(r"^\s*[-*•]\s+")


def dutch_date(day: date) -> str:
    """17 november 2026."""
    return format_date(day, "d MMMM y", locale=LOCALE)


def dutch_month(day: date) -> str:
    """As in: november 2026."""
    return format_date(day, "MMMM y", locale=LOCALE)


def short_month(day: date) -> str:
    """As in: nov."""
    return format_date(day, "MMM", locale=LOCALE).rstrip(".")


def typed_date(day: date) -> str:
    """17-11-2026, as somebody would type it into a field."""
    return f"{day:%d-%m-%Y}"


def dutch_weekday(day: date) -> str:
    """As in: di 17 november 2026."""
    return format_date(day, "EEEEEE d MMMM y", locale=LOCALE)


def dutch_period(first: date, last: date) -> str:
    """As in: za 12 december 2026, or za 12 t/m zo 13 december 2026; what both days share is said once."""
    if first == last:
        return dutch_weekday(first)
    shared = (
        "EEEEEE d MMMM y" if first.year != last.year else "EEEEEE d MMMM" if first.month != last.month else "EEEEEE d"
    )
    return f"{format_date(first, shared, locale=LOCALE)} t/m {dutch_weekday(last)}"


def dutch_moment(moment: datetime) -> str:
    """17 november 2026 om 14.05 uur, Dutch time."""
    return format_datetime(moment, "d MMMM y 'om' HH.mm 'uur'", tzinfo=AMSTERDAM, locale=LOCALE)


@lru_cache(maxsize=4096)  # a page of results has dozens, and each takes as long as finding a row
def dutch_number(number: Decimal | float) -> str:
    """12,5 and 1.200."""
    return format_decimal(number, "#,##0.##", locale=LOCALE)


def typed_number(number: Decimal) -> str:
    """12,5 and 1200, as somebody would type it into a field."""
    return format_decimal(number, "0.##", locale=LOCALE)


def dutch_price(cents: int | None) -> str:
    """€ 1.250,00, gratis, or – when it is not stated."""
    return "gratis" if cents == 0 else f"€\N{NO-BREAK SPACE}{typed_price(cents)}" if cents else "–"


def typed_price(cents: int | None) -> str:
    """1.250,00, as somebody would type it into a field; '' when it is not stated."""
    return "" if cents is None else format_decimal(Decimal(cents) / 100, "#,##0.00", locale=LOCALE)


def parse_number(text: str) -> Decimal | None:
    """Read 12, 12,5, 12.5, 1.200, 1.200,5 or 1,200.5; None when it is no number. Dot and three digits: thousands."""
    typed = text.strip()
    if GROUPED_IN_ENGLISH.fullmatch(typed):
        return Decimal(typed.replace(",", ""))
    if GROUPED.fullmatch(typed):
        return Decimal(typed.replace(".", "").replace(",", "."))
    return Decimal(typed.replace(",", ".")) if PLAIN.fullmatch(typed) else None


def count_of(number: int, one: str, many: str) -> str:
    """1 activiteit, 2 activiteiten."""
    return f"{dutch_number(number)} {one if number == 1 else many}"


def joined(words: Sequence[str]) -> str:
    """One, two en drie."""
    return " en ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def capitalised(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def mark_part(text: str, part: str) -> Markup:
    """The text with the first place that holds `part` marked, dashes inside it ignored; everything is escaped."""
    pattern = "-?".join(re.escape(symbol) for symbol in part)
    found = re.search(pattern, text, re.IGNORECASE) if part else None
    if not found:
        return escape(text)
    before, hit, after = text[: found.start()], found.group(), text[found.end() :]
    return Markup("{}<mark>{}</mark>{}").format(before, hit, after)


def paragraphs(text: str) -> Markup:
    """Plain text as HTML: blocks become paragraphs, lines that begin with a dash become lists. All is escaped."""
    blocks = (block for block in re.split(r"\n\s*\n", text.strip()) if block.strip())
    return Markup("").join(_block(block) for block in blocks)


def _block(block: str) -> Markup:
    parts = []
    for is_list, lines in groupby(block.splitlines(), key=lambda line: bool(LIST_MARK.match(line))):
        if is_list:
            items = Markup("").join(Markup("<li>{}</li>").format(LIST_MARK.sub("", line)) for line in lines)
            parts.append(Markup("<ul>{}</ul>").format(items))
        else:
            parts.append(Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in lines)))
    return Markup("").join(parts)


def init_formatting(app: Flask) -> None:
    """Offer the Dutch forms to every template."""
    app.jinja_env.filters.update(
        capfirst=capitalised,
        choices=lambda items: [(item.code, item.name) for item in items],
        date=dutch_date,
        day=day_of,
        mark_part=mark_part,
        moment=dutch_moment,
        number=dutch_number,
        paragraphs=paragraphs,
        period=dutch_period,
        price=dutch_price,
        typed_date=typed_date,
        weekday=dutch_weekday,
    )
    app.jinja_env.globals.update(count_of=count_of, working_days_between=working_days_between)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
