"""The provider's list of its activities, and the same as a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue import last_list
from catalogue.gaps import gaps
from catalogue.offers import open_offers
from catalogue.states import LIVE, Change, State
from core import clock
from core.access import Role, open_to, signed_in
from core.policy import Policy
from core.policy.loading import current_policies
from core.requests import page_count, page_number, search_words
from core.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, csv_portions, write_xlsx
from core.web import current_settings
from providers.models import Provider
from providers.queries import provider_of, standing_of
from providers.rules import STANDING_NAMES, Origin
from validation.bulk.actions import ACTIONS, TAKE_OVER
from validation.next_step import Stand, Step, is_ended, next_step
from validation.own_export import COLUMNS, export_rows
from validation.own_filters import ONLY_WHEN_THERE, ORDERS, SHOWN_NAMES, USUAL_ORDER, Shown, Wanted
from validation.own_list import PAGE, OwnRow, own_counts, own_rows

bp = Blueprint("own_list", __name__, url_prefix="/aanbieder/activiteiten")


@dataclass(frozen=True)
class Line:
    """A row as it is read."""

    row: OwnRow
    step: Step
    is_ended: bool
    is_taken_over: bool  # it is shown as the former register validated it


@bp.get("")
@open_to(Role.PROVIDER)
def activity_list() -> str | AnyResponse:
    """The provider's activities, filtered, sorted, searched; each with what comes next."""
    provider = provider_of(signed_in())
    wanted = wanted_of(provider)
    counts = own_counts(wanted)
    pages = page_count(counts[wanted.shown], PAGE)
    if page_number() > pages:
        return redirect(url_for(".activity_list", **in_address(wanted)), 303)
    page = {"pagina": page_number()} if page_number() > 1 else {}
    last_list.remember(in_address(wanted) | page)
    return list_page(provider, wanted, counts)


@bp.get("/export.csv")
@open_to(Role.PROVIDER)
def export_csv() -> Response:
    """The whole list as CSV, sent while it is read."""
    response = Response(stream_with_context(csv_portions(COLUMNS, _rows())), content_type=CSV_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"{_file_name()}.csv")
    return response


@bp.get("/export.xlsx")
@open_to(Role.PROVIDER)
def export_xlsx() -> Response:
    """The whole list as a workbook."""
    file = TemporaryFile()  # noqa: SIM115 -- the answer closes it
    write_xlsx(file, "Activiteiten", COLUMNS, _rows())
    file.seek(0)
    return send_file(file, XLSX_TYPE, as_attachment=True, download_name=f"{_file_name()}.xlsx")


def wanted_of(provider: Provider) -> Wanted:
    """What the address asks for; what it says that nobody knows was not said."""
    shown, order = request.args.get("status", ""), request.args.get("volgorde", "")
    return Wanted(
        provider_id=provider.id,
        today=clock.today(),
        shown=Shown(shown) if shown in set(Shown) else Shown.ALL,
        words=search_words(),
        order=order if order in ORDERS else USUAL_ORDER,
    )


def in_address(wanted: Wanted) -> dict[str, Any]:
    """The same for an address, without what is usual."""
    order = "" if wanted.order == USUAL_ORDER else wanted.order
    said = {"status": wanted.shown.value, "q": wanted.words, "volgorde": order}
    return {name: text for name, text in said.items() if text}


def list_page(
    provider: Provider, wanted: Wanted, counts: dict[Shown, int], errors: Mapping[str, str] | None = None
) -> str:
    """The page that was asked for; with what is wrong with the choice of activities and of what to do with them."""
    policy = current_policies().on(wanted.today)
    is_migrated = provider.origin == Origin.MIGRATED
    return render_template(
        "provider/activities.html",
        offers=open_offers(provider.id, wanted.today) if is_migrated else None,
        lines=[_line(row, policy, wanted) for row in own_rows(wanted, page_number())],
        wanted=wanted,
        args=in_address(wanted),
        total=counts[wanted.shown],
        filters=[(shown, name, counts[shown]) for shown, name in SHOWN_NAMES.items() if _is_offered(shown, counts)],
        page=page_number(),
        pages=page_count(counts[wanted.shown], PAGE),
        usual_order=USUAL_ORDER,
        actions=[(name, action.label) for name, action in ACTIONS.items() if name != TAKE_OVER or is_migrated],
        chosen=request.form,
        errors=errors or {},
        standing=standing_of(provider, policy),
        standings=STANDING_NAMES,
    )


def _line(row: OwnRow, policy: Policy, wanted: Wanted) -> Line:
    activity = row.activity
    state, change = State(activity.state), Change(activity.change)
    is_written = state is State.DRAFT or change is Change.DRAFT
    is_former = bool(row.former_number and not row.number)
    stand = Stand(
        state=state,
        change=change,
        ends_on=activity.ends_on,
        gaps=len(gaps(row.version.content, policy, wanted.today)) if is_written else 0,
        is_asked=row.is_asked,
        is_former=is_former,
        due_on=row.due_on,
    )
    return Line(
        row,
        step=next_step(stand, wanted.today),
        is_ended=is_ended(state, activity.ends_on, wanted.today),
        is_taken_over=is_former and state in LIVE,
    )


def _is_offered(shown: Shown, counts: dict[Shown, int]) -> bool:
    return shown not in ONLY_WHEN_THERE or counts[shown] > 0


def _rows() -> Iterator[list[Cell]]:
    wanted = wanted_of(provider_of(signed_in()))
    base, policy = current_settings().base_url, current_policies().on(wanted.today)
    return export_rows(wanted, policy, lambda number: base + url_for("catalogue.activity_page", number=number))


def _file_name() -> str:
    return f"activiteiten-{clock.today()}"
