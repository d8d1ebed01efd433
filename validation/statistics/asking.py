"""What an address asks for: which procedure, and which months. What it says that nobody can read is named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.formatting import dutch_month
from core.policy.calendar import months_later
from core.policy.model import Procedure
from validation.statistics.periods import YEAR, Period, month_of, year_up_to

PROCEDURES: dict[str, str] = {
    "validatie": Procedure.VALIDATION,
    "toelating": Procedure.ADMISSION,
    "bezwaar": Procedure.OBJECTION,
}
USUAL = "validatie"
MOST = 36
LONGEST = 20
SHAPES = (
    re.compile(r"(?P<year>(?:19|20)[0-9]{2})[-/ ](?P<month>[0-9]{1,2})"),
    re.compile(r"(?P<month>[0-9]{1,2})[-/ ](?P<year>(?:19|20)[0-9]{2})"),
)
UNREADABLE = {
    "van": "Vul als eerste maand een jaar en een maand in, bijvoorbeeld 2026-01.",
    "tot": "Vul als laatste maand een jaar en een maand in, bijvoorbeeld 2026-12.",
}


@dataclass(frozen=True)
class Asked:
    """The procedure by its Dutch name, what was typed, and the period that it means or what is wrong, by field."""

    procedure: str
    typed: Mapping[str, str]
    period: Period | None
    errors: Mapping[str, str]

    @property
    def args(self) -> dict[str, Any]:
        """The same for an address."""
        return {"procedure": self.procedure, **self.typed}


def asked(args: Mapping[str, str], today: date) -> Asked:
    """Read an address. What is left out is as usual: the last twelve months; the future is left out."""
    procedure = args.get("procedure", USUAL)
    procedure = procedure if procedure in PROCEDURES else USUAL
    typed = {name: args.get(name, "").strip()[:LONGEST] for name in UNREADABLE}
    read = {name: read_month(text) for name, text in typed.items() if text}
    if errors := {name: UNREADABLE[name] for name, month in read.items() if month is None}:
        return Asked(procedure, typed, None, errors)
    now = month_of(today)
    last = min(read.get("tot") or now, now)
    period = Period(read.get("van") or year_up_to(last).first, last)
    if errors := _faults(period, now, is_last_typed=bool(read.get("tot"))):
        return Asked(procedure, typed, None, errors)
    return Asked(procedure, {"van": typed_month(period.first), "tot": typed_month(period.last)}, period, {})


def _faults(period: Period, now: date, *, is_last_typed: bool) -> dict[str, str]:
    if period.first > now:
        return {"van": "Kies als eerste maand een maand die al begonnen is."}
    if period.first > period.last:
        return {"tot": f"Kies als laatste maand {dutch_month(period.first)} of later."}
    if len(period.months) <= MOST:
        return {}
    if is_last_typed:
        latest = dutch_month(months_later(period.first, MOST - 1))
        return {"tot": f"Kies hoogstens {MOST} maanden: tot en met {latest}, of begin later."}
    earliest = dutch_month(months_later(period.last, 1 - MOST))
    return {"van": f"Kies hoogstens {MOST} maanden: begin in {earliest}, of vul ook een laatste maand in."}


def read_month(text: str) -> date | None:
    """The month that somebody typed as 2026-01 or 1-2026; None when it is no month."""
    found = next((match for shape in SHAPES if (match := shape.fullmatch(text))), None)
    if found is None or not 1 <= int(found["month"]) <= YEAR:
        return None
    return date(int(found["year"]), int(found["month"]), 1)


def typed_month(month: date) -> str:
    """As in an address and in a file: 2026-01."""
    return f"{month:%Y-%m}"
