"""What a provider takes with it of its own list: one row per activity. Never writes."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Row, select

from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, Recognition
from catalogue.numbers import shown
from catalogue.queries import number_of
from catalogue.states import CHANGE_NAMES, Change, State
from core.clock import day_of
from core.db import db
from core.policy import Policy
from core.spreadsheets import Cell
from validation.models import Case
from validation.next_step import state_name
from validation.own_filters import Wanted, conditions, order_by
from validation.own_list import OWN_NUMBER, in_full

AT_A_TIME = 500
COLUMNS = (
    "Nummer",
    "Oud nummer",
    "Naam",
    "Soort",
    "Sectoren",
    "Opgegeven contacturen",
    "Opgegeven zelfstudie-uren",
    "Register-uren contact",
    "Register-uren zelfstudie",
    "Status",
    "Wijziging",
    "Startdatum",
    "Einddatum",
    "Uiterste datum",
    "Gewijzigd",
    "Openbare pagina",
)
FACTS = (
    OWN_NUMBER.label("number"),
    number_of(FORMER_REGISTER).label("former_number"),
    Recognition.number.label("leading_number"),
    Recognition.contact_hours.label("granted_contact"),
    Recognition.self_study_hours.label("granted_self_study"),
    ActivityVersion.title,
    ActivityVersion.type,
    ActivityVersion.sectors,
    ActivityVersion.contact_hours,
    ActivityVersion.self_study_hours,
    Activity.state,
    Activity.change,
    Activity.starts_on,
    Activity.ends_on,
    Activity.updated_at,
    Case.due_on,
)


def export_rows(wanted: Wanted, policy: Policy, address_of: Callable[[str], str]) -> Iterator[list[Cell]]:
    """All that the list holds, on whatever page, in its order; `address_of` a number is its public page."""
    query = in_full(select(*FACTS)).where(*conditions(wanted)).order_by(*order_by(wanted.order))
    with db.session.execute(query, execution_options={"yield_per": AT_A_TIME}) as rows:
        for row in rows:
            yield _cells(row, wanted, policy, address_of)


def _cells(row: Row[Any], wanted: Wanted, policy: Policy, address_of: Callable[[str], str]) -> list[Cell]:
    state, change = State(row.state), Change(row.change)
    return [
        shown(row.number),
        row.former_number,
        row.title,
        policy.type_name(row.type),
        ", ".join(policy.sector_name(code) for code in row.sectors),
        row.contact_hours,
        row.self_study_hours,
        row.granted_contact,
        row.granted_self_study,
        state_name(state, row.ends_on, wanted.today),
        CHANGE_NAMES[change] if change else "",
        row.starts_on,
        row.ends_on,
        row.due_on,
        day_of(row.updated_at),
        address_of(row.leading_number) if state is State.PUBLISHED else "",
    ]
