"""Reads the table of school holidays and refuses what cannot be right: terms rest on every row of it."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from core.policy.calendar import SATURDAY, Calendar, Stretch
from core.policy.faults import WrongPolicy, places

YEAR = re.compile(r"[0-9]{4}-[0-9]{4}\Z")
REGIONS = ("midden", "noord", "zuid")
# First Saturday to last Sunday: a row of another length is a typing error (two public sources contain such rows).
LENGTHS = {"herfstvakantie": 9, "kerstvakantie": 16, "voorjaarsvakantie": 9, "meivakantie": 9, "zomervakantie": 44}


class _HolidayRow(Schema):
    class Meta:
        unknown = EXCLUDE

    school_year = fields.String(required=True, validate=validate.Regexp(YEAR))
    holiday = fields.String(required=True, validate=validate.OneOf(sorted(LENGTHS)))
    region = fields.String(required=True, validate=validate.OneOf(REGIONS))
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)

    @validates_schema
    def _days_are_usual(self, data: dict[str, Any], **_: object) -> None:
        first, last = data["first_day"], data["last_day"]
        days = Stretch(first, last).days
        if days != LENGTHS[data["holiday"]]:
            raise ValidationError(f"a {data['holiday']} has {LENGTHS[data['holiday']]} days, not {days}", "last_day")
        if first.weekday() != SATURDAY:
            raise ValidationError("a holiday begins on a Saturday", "first_day")
        begin, end = (int(year) for year in data["school_year"].split("-"))
        if end != begin + 1 or not date(begin, 8, 1) <= first <= last < date(end, 10, 1):
            raise ValidationError("does not lie in this school year", "school_year")


def load_calendar(file: Path) -> Calendar:
    """The holiday table: each row has the length of its kind, each school year has every holiday of every region."""
    rows: list[dict[str, Any]] = []
    named: set[tuple[str, str, str]] = set()
    faults: list[str] = []
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongPolicy(f"{file.name}: {error}") from None
    for number, raw in enumerate(csv.DictReader(lines), start=2):
        named.add((raw.get("school_year") or "", raw.get("holiday") or "", raw.get("region") or ""))
        try:
            rows.append(_HolidayRow().load(raw))
        except ValidationError as error:
            faults += [f"{file.name}: line {number}: {place}" for place in places(error.messages_dict)]
    faults += [f"{file.name}: {gap}" for gap in _missing_rows(named)]
    if faults or not rows:
        raise WrongPolicy("\n".join(faults) or f"{file.name}: the table is empty")
    stretches = tuple((row["region"], Stretch(row["first_day"], row["last_day"], row["holiday"])) for row in rows)
    return Calendar(stretches, min(row["first_day"] for row in rows), max(row["last_day"] for row in rows))


def _missing_rows(named: set[tuple[str, str, str]]) -> Iterator[str]:
    years = sorted({year for year, _, _ in named if YEAR.fullmatch(year)})
    for year in years:
        for holiday in LENGTHS:
            if missing := [region for region in REGIONS if (year, holiday, region) not in named]:
                yield f"{year}: {holiday}: no row for {', '.join(missing)}"
    for before, after in pairwise(years):
        if before[5:] != after[:4]:
            yield f"{after}: the school year before it is missing"
