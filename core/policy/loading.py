"""Reads policies from files and refuses what does not fit, naming file and place."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from marshmallow import Schema, ValidationError, fields, validate

from core.policy.faults import WrongPolicy, places
from core.policy.holiday_table import load_calendar
from core.policy.model import DecisionRule, HintRule, HourRule, Item, Policies, Policy, QuestionRule, TakeoverRule
from core.policy.term_rules import TermsField, term_rule

HOLIDAY_FILE = "school-holidays.csv"
OUTCOMES = ("approved", "temporarily_rejected", "rejected")


def _is_day(value: Any) -> None:
    if type(value) is not date:
        raise ValidationError("write a day as 2026-01-01, without quotes")


class _Item(Schema):
    code = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9-]*$"))
    name = fields.String(required=True)
    guidance = fields.String(load_default="")


class _Criterion(_Item):
    fields_ = fields.List(
        fields.String(), required=True, data_key="fields", validate=validate.Length(min=1), attribute="fields"
    )


class _Requirement(Schema):
    code = fields.String(required=True)
    text = fields.String(required=True)


class _Requirements(Schema):
    version = fields.String(required=True)
    items = fields.List(fields.Nested(_Requirement), required=True, validate=validate.Length(min=1))


class _Unit(Schema):
    short = fields.String(required=True)
    name = fields.String(required=True)


class _SignIn(Schema):
    provider_level = fields.String(required=True, validate=validate.OneOf(["loa2", "loa2plus", "loa3", "loa4"]))


class _Hours(Schema):
    step = fields.Decimal(required=True, validate=validate.OneOf([Decimal("0.25"), Decimal("0.5"), Decimal(1)]))
    most_per_part = fields.Decimal(required=True, validate=validate.Range(1))
    closing_test_above_share = fields.Decimal(required=True, validate=validate.Range(0, 1))


def _days(least: int = 1) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(least, 366))


class _Decision(Schema):
    assessors = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2))
    four_eyes = fields.List(fields.String(validate=validate.OneOf(OUTCOMES)), required=True)
    improve_days = _days()
    longest_improve_days = _days()
    claim_days = _days()
    fields_ = fields.List(
        fields.String(), required=True, data_key="fields", validate=validate.Length(min=1), attribute="fields"
    )


class _Hints(Schema):
    shortest_description = fields.Integer(required=True, strict=True, validate=validate.Range(0))
    unusual_share = fields.Decimal(required=True, validate=validate.Range(0, Decimal("0.5")))
    least_known = fields.Integer(required=True, strict=True, validate=validate.Range(1))


class _Takeover(Schema):
    required = fields.List(fields.String(), required=True)
    completable = fields.List(fields.String(), required=True)
    until = fields.Raw(required=True, validate=_is_day)


class _Objection(Schema):
    filing_days = _days()


class _Questions(Schema):
    answer_days = _days()
    longest_answer_days = _days()
    remind_days = _days(0)
    unanswered = fields.String(required=True, validate=validate.OneOf(["resume", "close"]))


class _Reminders(Schema):
    assessor_days = _days()


def _items() -> fields.List[Any]:
    return fields.List(fields.Nested(_Item), required=True, validate=validate.Length(min=1))


class PolicySchema(Schema):
    """The shape of a policy file; unknown keys are refused, because they are misspelt ones."""

    id = fields.String(required=True)
    register = fields.String(required=True, validate=validate.Regexp(r"^[a-z]+$"))
    name = fields.String(required=True)
    valid_from = fields.Raw(required=True, validate=_is_day)
    unit = fields.Nested(_Unit, required=True)
    sign_in = fields.Nested(_SignIn, required=True)
    hours = fields.Nested(_Hours, required=True)
    hints = fields.Nested(_Hints, required=True)
    takeover = fields.Nested(_Takeover, required=True)
    decision = fields.Nested(_Decision, required=True)
    terms = TermsField(required=True)
    objection = fields.Nested(_Objection, required=True)
    questions = fields.Nested(_Questions, required=True)
    reminders = fields.Nested(_Reminders, required=True)
    types = _items()
    sectors = _items()
    languages = _items()
    criteria = fields.List(fields.Nested(_Criterion), required=True, validate=validate.Length(min=1))
    requirements = fields.Nested(_Requirements, required=True)


def load_policies(folder: Path) -> Policies:
    """All policies in a folder and its holiday table. Raises `WrongPolicy`."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        message = f"{folder}: no policy found; there must be a <register>-<date>.toml"
        raise WrongPolicy(message)
    policies = sorted((load_policy(file) for file in files), key=lambda policy: policy.valid_from)
    if len({policy.register for policy in policies}) > 1:
        raise WrongPolicy(f"{folder}: these are the rules of more than one register")
    return Policies(tuple(policies), load_calendar(folder / HOLIDAY_FILE))


def load_policy(file: Path) -> Policy:
    """One policy. The file is named after its register and first day, so that a listing tells which rule holds when."""
    try:
        data: dict[str, Any] = PolicySchema().load(tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{file.name}: {error}"
        raise WrongPolicy(message) from None
    except ValidationError as error:
        message = "\n".join(f"{file.name}: {place}" for place in places(error.messages_dict))
        raise WrongPolicy(message) from None
    if not file.stem == data["id"] == f"{data['register']}-{data['valid_from']}":
        message = f"{file.name}: id: file name, id and <register>-<valid_from> must be the same"
        raise WrongPolicy(message)
    return _policy(data)


def _policy(data: dict[str, Any]) -> Policy:
    requirements = tuple(Item(item["code"], item["text"]) for item in data["requirements"]["items"])
    return Policy(
        id=data["id"],
        register=data["register"],
        name=data["name"],
        valid_from=data["valid_from"],
        types=_choices(data["types"]),
        sectors=_choices(data["sectors"]),
        languages=_choices(data["languages"]),
        criteria=_choices(data["criteria"]),
        unit=data["unit"]["short"],
        unit_name=data["unit"]["name"],
        provider_level=data["sign_in"]["provider_level"],
        hours=HourRule(**data["hours"]),
        hints=HintRule(**data["hints"]),
        takeover=_takeover(data["takeover"]),
        decision=_decision(data["decision"]),
        questions=QuestionRule(**data["questions"]),
        reminder_days=data["reminders"]["assessor_days"],
        decided_fields=frozenset(data["decision"]["fields"]),
        objection_filing_days=data["objection"]["filing_days"],
        terms={procedure: term_rule(term) for procedure, term in data["terms"].items()},
        requirements_version=data["requirements"]["version"],
        requirements=requirements,
    )


def _decision(data: dict[str, Any]) -> DecisionRule:
    return DecisionRule(
        data["assessors"],
        frozenset(data["four_eyes"]),
        data["improve_days"],
        data["longest_improve_days"],
        data["claim_days"],
    )


def _takeover(data: dict[str, Any]) -> TakeoverRule:
    return TakeoverRule(tuple(data["required"]), frozenset(data["completable"]), data["until"])


def _choices(items: list[dict[str, Any]]) -> tuple[Item, ...]:
    return tuple(Item(**item | {"fields": tuple(item.get("fields", ()))}) for item in items)


def init_policies(app: Flask, folder: Path) -> None:
    """Load once, at the start, so that a wrong rule stops the application and not a decision."""
    try:
        app.extensions["policies"] = load_policies(folder)
    except WrongPolicy as wrong:
        raise SystemExit(f"Registeruur cannot start:\n{wrong}") from None


def current_policies() -> Policies:
    """The policies of the running application."""
    policies: Policies = current_app.extensions["policies"]
    return policies
