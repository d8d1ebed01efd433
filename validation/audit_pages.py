"""The bureau's logbook of one case or one provider: what happened, in words, and as a file that can be checked."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue.of_provider import newest_titles
from core import clock
from core.access import Role, open_to
from core.audit import facts_of
from core.policy.loading import current_policies
from core.spreadsheets import CSV_TYPE, csv_portions
from providers.log_texts import action_in_words
from providers.models import Provider
from providers.queries import find_by_id
from validation.audit_queries import LAST, Parts, about_case, about_provider, every_entry, names_of, section
from validation.audit_texts import accounts_in, result_in_words, thing_in_words, told, who_did
from validation.models import Case
from validation.queries import find_case

bp = Blueprint("audit", __name__, url_prefix="/commissie")
# After the hash of the entry before they are hashed in this order.
FACTS = ("positie", "moment", "actie", "onderwerp", "resultaat", "herkomst", "wie", "gegevens")
Titles = Callable[[list[int]], Mapping[int, str]]  # of these activities
COLUMNS = (*FACTS, "vorige hash", "hash")


@bp.get("/zaken/<id:case_id>/logboek")
@open_to(Role.BUREAU)
def case_log(case_id: int) -> str | AnyResponse:
    """What happened to one case and to what it is about."""
    case = find_case(case_id)
    titles = {} if case.activity_id is None else {case.activity_id: case.title}
    return _page(about_case(case), case.provider, lambda _: titles, case)


@bp.get("/zaken/<id:case_id>/logboek.csv")
@open_to(Role.BUREAU)
def case_csv(case_id: int) -> Response:
    """The same as a file, oldest first."""
    return _file(about_case(find_case(case_id)), f"zaak-{case_id}")


@bp.get("/aanbieders/<id:provider_id>/logboek")
@open_to(Role.BUREAU)
def provider_log(provider_id: int) -> str | AnyResponse:
    """What happened to one provider, its activities and its cases, and what its members did."""
    return _page(about_provider(provider_id), find_by_id(provider_id), partial(newest_titles, provider_id))


@bp.get("/aanbieders/<id:provider_id>/logboek.csv")
@open_to(Role.BUREAU)
def provider_csv(provider_id: int) -> Response:
    """The same as a file, oldest first."""
    return _file(about_provider(find_by_id(provider_id).id), f"aanbieder-{provider_id}")


def _page(parts: Parts, provider: Provider, titles_of: Titles, case: Case | None = None) -> str | AnyResponse:
    before, after = _position("voor"), _position("na")
    found = section(parts, before=before, after=after)
    if (before or after) and not (found.entries and found.has_newer):
        return redirect(url_for(str(request.endpoint), **(request.view_args or {})), 303)
    ids = [int(entry.object.split(":")[1]) for entry in found.entries if entry.object.startswith("activity:")]
    names = names_of(accounts_in(found.entries), provider.id)
    return render_template(
        "bureau/logbook.html",
        case=case,
        provider=provider,
        found=found,
        in_words=action_in_words,
        thing=partial(thing_in_words, titles=titles_of(ids)),
        result=result_in_words,
        who=partial(who_did, names=names),
        told=partial(told, names=names, requirements=current_policies().requirement_names),
    )


def _position(name: str) -> int | None:
    """A position that the address names; None when it is none."""
    position = request.args.get(name, 0, type=int)
    return position if 0 < position <= LAST else None


def _file(parts: Parts, name: str) -> Response:
    response = Response(stream_with_context(csv_portions(COLUMNS, _rows(parts))), content_type=CSV_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"logboek-{name}-{clock.today()}.csv")
    return response


def _rows(parts: Parts) -> Iterator[list[str]]:
    for entry in every_entry(parts):
        previous, *facts = facts_of(entry)
        yield [*facts, previous, entry.hash]
