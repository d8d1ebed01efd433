"""The committee's queue, and giving its cases to members."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.formatting import count_of
from core.policy.loading import current_policies
from core.requests import LARGEST_ID, page_count, page_number, search_words
from validation.committee.assigning import give, plan, take
from validation.committee.counts import Chosen, Due, Whose, counts_of
from validation.committee.queue import PAGE, Wanted, kinds_of, late_cases, page_of
from validation.procedures import TABLES, procedure_names
from validation.queries import provider_of_cases
from validation.states import STATE_NAMES
from validation.term_text import for_committee, from_data

bp = Blueprint("committee", __name__, url_prefix="/commissie")

WHOSE_NAMES = {Whose.MINE: "Aan mij toegewezen", Whose.NOBODY: "Niet toegewezen", Whose.OTHER: "Aan een ander"}
DUE_NAMES = {
    Due.LATE: "te laat",
    Due.SOON: "binnen 5 werkdagen",
    Due.LATER: "later",
    Due.WAITING: "wacht op de aanbieder",
}
LEADERS = frozenset({Role.CHAIR, Role.BUREAU})
IN_ADDRESS = {"wie": "whose", "termijn": "due", "procedure": "procedure", "soort": "type", "sector": "sector"}


@bp.get("")
@open_to(Role.COMMITTEE, Role.BUREAU)
def queue_page() -> str | Response:
    """Open cases, first due first, each with its explained due date; what is late stands on top of every page."""
    wanted, page, me = _wanted(), page_number(), signed_in()
    kinds = kinds_of(wanted)
    counts = counts_of(kinds, wanted.chosen, wanted.member)
    pages = page_count(counts.shown, PAGE)
    if page > pages:
        return redirect(url_for(".queue_page", **_in_address(wanted)), 303)
    cases = page_of(wanted, page)
    is_late_hidden = wanted.chosen.due != Due.LATE and (wanted.is_narrowed or page > 1)
    late = late_cases(wanted) if is_late_hidden else []
    policy = current_policies().on(wanted.today)
    return render_template(
        "committee/queue.html",
        cases=cases,
        late=late,
        sums={case.id: for_committee(from_data(case.term)) for case in (*cases, *late) if case.term},
        tiles=counts_of(kinds, Chosen(), wanted.member),
        counts=counts,
        wanted=wanted,
        args=_in_address(wanted),
        provider=provider_of_cases(wanted.provider_id) if wanted.provider_id else None,
        choices=[
            ("wie", "Beoordelaar", wanted.chosen.whose, counts.whose, WHOSE_NAMES),
            ("termijn", "Termijn", wanted.chosen.due, counts.due, DUE_NAMES),
            ("procedure", "Procedure", wanted.chosen.procedure, counts.procedure, procedure_names()),
            ("soort", "Soort activiteit", wanted.chosen.type, counts.type, _names(policy.types)),
            ("sector", "Sector", wanted.chosen.sector, counts.sector, _names(policy.sectors)),
        ],
        dues=DUE_NAMES,
        states=STATE_NAMES,
        procedures=procedure_names(),
        page=page,
        pages=pages,
        today=wanted.today,
        is_member=Role.COMMITTEE in me.roles,
        is_leader=bool(LEADERS & me.roles),
    )


@bp.post("/oppakken")
@open_to(Role.COMMITTEE)
def take_cases() -> Response:
    """Take the chosen cases on."""
    ids = _chosen_ids()
    with transaction():
        done, refused = take(ids, current_policies(), by=signed_in(), now=clock.now())
    _tell(done, refused, "U hebt {} opgepakt.")
    return redirect(_back(), 303)


@bp.post("/verdelen")
@open_to(Role.CHAIR, Role.BUREAU)
def spread_page() -> str | Response:
    """Who could take the chosen cases, and how they would be spread evenly."""
    found = plan(_chosen_ids(), current_policies(), clock.today())
    if not found.cases:
        flash("Kies eerst een of meer zaken.", "info")
        return redirect(_back(), 303)
    return render_template(
        "committee/spread.html",
        plan=found,
        names={member.account_key: member.name for member in found.members},
        today=clock.today(),
        back=_back(),
    )


@bp.post("/toewijzen")
@open_to(Role.CHAIR, Role.BUREAU)
def give_cases() -> Response:
    """Give the cases to one member, or as the page showed them spread."""
    to, today = request.form.get("to", ""), clock.today()
    given = {case_id: to or request.form.get(f"even-{case_id}") for case_id in _chosen_ids()}
    with transaction():
        done, refused = give(given, current_policies(), by=signed_in(), today=today, now=clock.now())
    _tell(done, refused, "{} toegewezen.")
    return redirect(_back(), 303)


def _wanted() -> Wanted:
    """What the address asks for; what nobody knows was not said."""
    given = {name: request.args.get(said, "") for said, name in IN_ADDRESS.items()}
    known: dict[str, Collection[str]] = {"whose": list(Whose), "due": list(Due), "procedure": TABLES}
    fit = {name: text for name, text in given.items() if name not in known or text in known[name]}
    return Wanted(
        member=signed_in().account_key,
        today=clock.today(),
        chosen=Chosen(**{name: text[:40] for name, text in fit.items()}),
        words=search_words(),
        provider_id=min(max(request.args.get("aanbieder", 0, type=int), 0), LARGEST_ID),
    )


def _in_address(wanted: Wanted) -> dict[str, Any]:
    said = {said: getattr(wanted.chosen, name) for said, name in IN_ADDRESS.items()}
    said |= {"q": wanted.words, "aanbieder": wanted.provider_id}
    return {name: text for name, text in said.items() if text}


def _names(items: Any) -> dict[str, str]:
    return {item.code: item.name for item in items}


def _chosen_ids() -> list[int]:
    """The cases that were ticked, each once; at most a page of them."""
    ids = {id_ for id_ in request.form.getlist("case", type=int) if 0 < id_ <= LARGEST_ID}
    return sorted(ids)[:PAGE]


def _back() -> str:
    """The queue as it was filtered."""
    args: dict[str, Any] = {
        name: request.form[name] for name in (*IN_ADDRESS, "q", "aanbieder", "pagina") if request.form.get(name)
    }
    return url_for(".queue_page", **args)


def _tell(done: int, refused: list[str], words: str) -> None:
    if done:
        flash(words.format(count_of(done, "zaak", "zaken")).capitalize(), "success")
    elif not refused:
        flash("Kies eerst een of meer zaken.", "info")
    for reason in dict.fromkeys(refused):
        flash(f"{count_of(refused.count(reason), 'zaak', 'zaken')} niet: {reason}", "info")
