"""Colleagues of a provider: who they are, and what they may do."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, is_administrator, open_to, signed_in
from core.db import transaction
from core.errors import Forbidden, StaleVersion
from core.requests import seen_version
from providers.arriving import change_role, name_member
from providers.queries import locked_provider_of, member_of, members_of, provider_of
from providers.rules import LastAdministrator, MemberRole
from providers.schemas import MemberNameSchema, RoleSchema

bp = Blueprint("members", __name__, url_prefix="/aanbieder/medewerkers")


@bp.get("")
@open_to(Role.PROVIDER)
def member_list() -> str:
    """Everybody who ever signed in for this provider."""
    return _list({}, {})


@bp.post("/<id:member_id>/naam")
@open_to(Role.PROVIDER)
def rename(member_id: int) -> Response | tuple[str, int]:
    """Give oneself a name that colleagues know; an administrator may do so for anybody."""
    typed = request.form.to_dict()
    try:
        with transaction():
            member = member_of(provider_of(signed_in()), member_id, seen=seen_version())
            if member.account_key != signed_in().account_key and not is_administrator():
                raise Forbidden
            name = MemberNameSchema().load(typed)["name"]
            name_member(member, name, by=signed_in().actor, now=clock.now())
    except ValidationError as error:
        return _list(typed, {f"name-{member_id}": error.messages_dict["name"][0]}), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersion:
        again = "Iemand anders heeft deze medewerker intussen gewijzigd. Controleer de naam en sla die opnieuw op."
        return _list(typed, {f"name-{member_id}": again}), HTTPStatus.CONFLICT
    flash("De naam is opgeslagen.", "success")
    return redirect(url_for(".member_list"), 303)


@bp.post("/<id:member_id>/rol")
@open_to(Role.ADMINISTRATOR)
def assign_role(member_id: int) -> Response:
    """Make a colleague administrator or editor."""
    try:
        with transaction():
            member = member_of(locked_provider_of(signed_in()), member_id, seen=seen_version())
            role: MemberRole = RoleSchema().load(request.form)["role"]
            change_role(member, role, by=signed_in().actor, now=clock.now())
    except ValidationError:
        flash("Kies een rol.", "info")
    except (StaleVersion, LastAdministrator) as refused:
        flash(refused.detail, "info")
    else:
        flash("De rol is gewijzigd.", "success")
    return redirect(url_for(".member_list"), 303)


def _list(typed: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "provider/members.html",
        members=members_of(provider_of(signed_in())),
        own_key=signed_in().account_key,
        may_change=is_administrator(),
        typed=typed,
        errors=errors,
    )
