"""A member's own page: where reminders go, when the member is away, and which companies are a conflict of interest."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from sqlalchemy import select
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.db import db, transaction
from core.errors import NotFound, StaleVersion
from core.form_errors import first_errors
from core.formatting import count_of
from core.kept_texts import saved
from core.requests import seen_version
from providers.queries import find_provider, find_providers
from validation.committee.members import arrive_member, member_of, set_away, set_reach
from validation.committee.models import CommitteeMember, Tie
from validation.committee.schemas import AwaySchema, ReachSchema, TieSchema
from validation.committee.stepping_back import tie, untie

bp = Blueprint("membership", __name__, url_prefix="/commissie/mijn-gegevens")


@bp.get("")
@open_to(Role.COMMITTEE)
def own_page() -> str:
    """What the register knows of this member."""
    return _page({}, {})


@bp.post("/bereik")
@open_to(Role.COMMITTEE)
def save_reach() -> Response | tuple[str, int]:
    """Where reminders go."""
    typed = request.form.to_dict()
    try:
        email = ReachSchema().load(typed)["email"]
        with transaction():
            set_reach(member_of(signed_in(), seen=seen_version()), email, by=signed_in(), now=clock.now())
    except ValidationError as error:
        return _page(typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersion:
        return _stale(typed)
    return _done("Uw e-mailadres is bewaard." if email else "U krijgt geen herinneringen per e-mail.", "bereik")


@bp.post("/afwezig")
@open_to(Role.COMMITTEE)
def save_away() -> Response | tuple[str, int]:
    """When the member is away; what is in hand goes back to the queue on the first day."""
    typed = request.form.to_dict()
    try:
        form = AwaySchema().load(typed)
        with transaction():
            member, now = member_of(signed_in(), seen=seen_version()), clock.now()
            gone = set_away(member, form["away_from"], form["away_until"], by=signed_in(), now=now)
    except ValidationError as error:
        return _page(typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersion:
        return _stale(typed)
    back = f" {count_of(gone, 'zaak van u staat', 'zaken van u staan')} weer in de wachtrij." if gone else ""
    told = "Uw afwezigheid is bewaard." if form["away_from"] else "U bent aanwezig."
    return _done(told + back, "afwezig")


@bp.post("/belangen")
@open_to(Role.COMMITTEE)
def add_tie() -> Response | tuple[str, int]:
    """A company whose cases this member must not see any more."""
    typed = request.form.to_dict()
    try:
        form = TieSchema(context_day=clock.today()).load(typed)
        with transaction():
            member = member_of(signed_in())
            tie(member, form["kvk_number"], form["from_on"], form["until_on"], by=signed_in(), now=clock.now())
            is_known = find_providers([form["kvk_number"]]) or find_provider(form["kvk_number"])
    except ValidationError as error:
        return _page(typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    unknown = "" if is_known else f" Het nummer {form['kvk_number']} is hier nog niet bekend. Controleer of het klopt."
    return _done(f"Het belang is bewaard. U ziet geen zaken van deze aanbieder zolang het geldt.{unknown}", "belang")


@bp.post("/belangen/<id:tie_id>/beeindigen")
@open_to(Role.COMMITTEE)
def end_tie(tie_id: int) -> Response:
    """The conflict of interest is over after today."""
    with transaction():
        found = db.session.scalar(select(Tie).filter_by(id=tie_id, member=signed_in().account_key).with_for_update())
        if found is None:
            raise NotFound
        untie(found, by=signed_in(), now=clock.now())
    return _done("Het belang geldt nog tot en met vandaag.")


def _done(told: str, *form: str) -> Response:
    if form:
        saved(*form)
    flash(told, "success")
    return redirect(url_for(".own_page"), 303)


def _own_row() -> CommitteeMember:
    try:
        return member_of(signed_in())
    except NotFound:  # signed in before the register kept its members
        with transaction():
            arrive_member(signed_in(), clock.now())
        return member_of(signed_in())


def _stale(typed: dict[str, Any]) -> tuple[str, int]:
    flash("Uw gegevens zijn intussen gewijzigd. Controleer ze en bewaar opnieuw.", "info")
    return _page(typed, {}), HTTPStatus.CONFLICT


def _page(typed: dict[str, Any], errors: dict[str, str]) -> str:
    member, today = _own_row(), clock.today()
    ties = list(db.session.scalars(select(Tie).filter_by(member=member.account_key).order_by(Tie.id.desc())))
    return render_template(
        "committee/member.html",
        member=member,
        ties=ties,
        names=find_providers({one.kvk_number for one in ties}),
        typed=typed,
        errors=errors,
        today=today,
    )
