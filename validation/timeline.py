"""What happened in a case, in words for its readers. The provider's timeline has no inner events. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from core.db import db
from core.policy import Procedure
from validation.models import NOTE, Case, CaseEvent
from validation.procedures import TABLES
from validation.states import Action, State

DONE = {
    "receive": "Ontvangen",
    NOTE: "Interne notitie",
    "remind": "Herinnering verstuurd",
    "recompute": "Uiterste datum opnieuw berekend",
    "recuse": "Zich teruggetrokken",
    Action.CLAIM: "Opgepakt",
    Action.ASSIGN: "Toegewezen",
    Action.RELEASE: "Losgelaten",
    Action.ASK: "Vraag gesteld",
    Action.ANSWER: "Vraag beantwoord",
    Action.LAPSE: "Geen antwoord gekregen",
    Action.CLOSE: "Gesloten zonder antwoord",
    Action.EXTEND: "Termijn verlengd",
    Action.ASSESS: "Beoordeling bewaard",
    Action.REFER: "Voorgelegd aan de voorzitter",
    Action.PROPOSE: "Besluit voorgelegd aan een tweede commissielid",
    Action.GIVE_BACK: "Besluit teruggegeven",
    Action.HEAR: "Hoorzitting",
    Action.ADMIT_LATE: "Te laat, maar toch in behandeling",
    Action.APPROVE: "Goedgekeurd",
    Action.REJECT_TEMPORARILY: "Tijdelijk afgewezen",
    Action.REJECT: "Afgewezen",
    Action.UPHOLD: "Besluit gehandhaafd",
    Action.REVISE: "Besluit herzien",
    Action.DECLARE_INADMISSIBLE: "Niet-ontvankelijk verklaard",
    Action.WITHDRAW: "Ingetrokken",
    Action.CORRECT: "Besluit gecorrigeerd",
}


DONE_BY_PROCEDURE: dict[tuple[str, str], str] = {
    (Procedure.ADMISSION, Action.APPROVE): "Toegelaten",
    (Procedure.ADMISSION, Action.REJECT): "Niet toegelaten",
}


@dataclass(frozen=True)
class Happening:
    """One line of a timeline."""

    what: str
    who: str
    at: datetime
    text: str
    is_inner: bool


def timeline_of(case: Case, *, with_inner: bool) -> list[Happening]:
    """Newest first. Who of the committee it was, only the committee reads."""
    query = _newest_first().where(CaseEvent.case_id == case.id)
    if not with_inner:
        query = query.where(CaseEvent.is_inner.is_(False))
    return [_happening(event, case.procedure, with_names=with_inner) for event in db.session.scalars(query)]


def timelines_of(cases: Sequence[Case]) -> dict[int, list[Happening]]:
    """What the provider may know of each of its cases, by id."""
    found: dict[int, list[Happening]] = {case.id: [] for case in cases}
    procedures = {case.id: case.procedure for case in cases}
    query = _newest_first().where(CaseEvent.case_id.in_(found), CaseEvent.is_inner.is_(False))
    for event in db.session.scalars(query):
        found[event.case_id].append(_happening(event, procedures[event.case_id], with_names=False))
    return found


def given_back(case: Case) -> CaseEvent | None:
    """Why a colleague did not agree with the decision that was proposed last, as long as it is not proposed anew."""
    if case.state not in {State.IN_REVIEW, State.WITH_CHAIR}:
        return None
    turns = _newest_first().where(
        CaseEvent.case_id == case.id, CaseEvent.action.in_((Action.PROPOSE, Action.GIVE_BACK))
    )
    last = db.session.scalar(turns.limit(1))
    return last if last and last.action == Action.GIVE_BACK else None


def _newest_first() -> Select[CaseEvent]:
    return select(CaseEvent).order_by(CaseEvent.at.desc(), CaseEvent.id.desc())


def _happening(event: CaseEvent, procedure: str, *, with_names: bool) -> Happening:
    what = (
        DONE_BY_PROCEDURE.get((procedure, event.action))
        or DONE.get(event.action)
        or TABLES[procedure].actions.get(event.action, event.action)
    )
    return Happening(what, _who(event, with_names=with_names), event.at, event.text, event.is_inner)


def _who(event: CaseEvent, *, with_names: bool) -> str:
    if event.by_name:
        return event.by_name if with_names else "De commissie"
    return "Het register" if not event.by.startswith("eherkenning:") else "De aanbieder"
