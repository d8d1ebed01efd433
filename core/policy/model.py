"""What a policy says. Frozen values, no file and no clock: which policy holds is asked with a date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from core.policy.calendar import Calendar, off_rest_days


class Procedure(StrEnum):
    """The procedures that every policy has a term for; a register may have others."""

    ADMISSION = "admission"
    VALIDATION = "validation"
    OBJECTION = "objection"


@dataclass(frozen=True)
class Item:
    """A choice or a requirement: its stable code, the text that people see, and guidance where there is any.

    A criterion names the fields that it is judged by.
    """

    code: str
    name: str
    guidance: str = ""
    fields: tuple[str, ...] = ()


class TermUnit(StrEnum):
    """What the length of a term is stated in; the values are the keys of a policy file."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True)
class Length:
    """How long, as a rule states it. Only working days leave out Saturdays, Sundays and public holidays."""

    amount: int
    unit: TermUnit


@dataclass(frozen=True)
class TermRule:
    """How long, and the regions whose school holidays stop the clock (none: holidays count).

    The committee may take the extension in addition, once; None: never.
    """

    length: Length
    school_holidays: tuple[str, ...]
    extension: Length | None = None


@dataclass(frozen=True)
class HourRule:
    """The step of hours, the most per part, and the share of self-study above which a closing test is required."""

    step: Decimal
    most_per_part: Decimal
    closing_test_above_share: Decimal


@dataclass(frozen=True)
class TakeoverRule:
    """What an offer of the former register needs to be published as it was validated there.

    `required` fields must say something, `completable` ones may be filled when they were empty, and until the last
    day it can be done and undone.
    """

    required: tuple[str, ...]
    completable: frozenset[str]
    until: date


@dataclass(frozen=True)
class HintRule:
    """When to warn: a description of fewer symbols, hours beyond this share at either end of at least so many known."""

    shortest_description: int
    unusual_share: Decimal
    least_known: int


@dataclass(frozen=True)
class DecisionRule:
    """How many members judge, which outcomes need the eyes of a second one, and how long things may take in days.

    `improve_days` is how long a provider usually has to hand something in again and `longest_improve_days` at most,
    `claim_days` how long a case stays with a member who does not come.
    """

    assessors: int
    four_eyes: frozenset[str]
    improve_days: int
    longest_improve_days: int
    claim_days: int


@dataclass(frozen=True)
class QuestionRule:
    """Days to answer, usually and at most; days before the end to remind; what an unanswered question leads to."""

    answer_days: int
    longest_answer_days: int
    remind_days: int
    unanswered: str  # "resume" or "close"

    def last_day(self, asked_on: date) -> date:
        """Until when a question of this day can be answered; no term ends on a day of rest."""
        return off_rest_days(asked_on + timedelta(days=self.answer_days))


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The rules of one register from one date on."""

    id: str
    register: str
    name: str
    valid_from: date
    unit: str
    unit_name: str
    provider_level: str
    hours: HourRule
    hints: HintRule
    takeover: TakeoverRule
    decision: DecisionRule
    questions: QuestionRule
    reminder_days: int  # working days before a due date
    decided_fields: frozenset[str]
    objection_filing_days: int
    terms: Mapping[str, TermRule]  # by procedure
    types: tuple[Item, ...]
    sectors: tuple[Item, ...]
    languages: tuple[Item, ...]
    criteria: tuple[Item, ...]
    requirements_version: str
    requirements: tuple[Item, ...]

    def type_name(self, code: str) -> str:
        """The text of an activity type; the code itself when this policy does not know it."""
        return next((item.name for item in self.types if item.code == code), code)

    def language_name(self, code: str) -> str:
        """The text of a language; the code itself when this policy does not know it."""
        return next((item.name for item in self.languages if item.code == code), code)

    def sector_name(self, code: str) -> str:
        """The text of a sector; the code itself when this policy does not know it."""
        return next((item.name for item in self.sectors if item.code == code), code)


@dataclass(frozen=True)
class Policies:
    """All policies of the register that this instance serves, oldest first, and the calendar they count with."""

    all: tuple[Policy, ...]
    calendar: Calendar

    def on(self, day: date) -> Policy:
        """The policy that holds on a day; the oldest for days before it."""
        return max((p for p in self.all if p.valid_from <= day), key=lambda p: p.valid_from, default=self.all[0])

    @property
    def requirement_names(self) -> dict[str, str]:
        """The text of every requirement that any set has had, by code."""
        return {item.code: item.name for policy in self.all for item in policy.requirements}

    def named(self, policy_id: str) -> Policy:
        """The policy that a case was received under. KeyError when its file is gone, which is the operator's fault."""
        return {policy.id: policy for policy in self.all}[policy_id]
