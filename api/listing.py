"""A page of a list as JSON or as CSV, with the way to the other pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from api.sending import BASE, as_csv, as_json, wants_csv
from api.shapes import TELLING, activity_shape, moment_shape, page_links
from catalogue import numbers
from catalogue.summaries import Summary
from core.spreadsheets import Cell, csv_portions
from core.web import current_settings

COLUMNS = (
    "Nummer",
    "Vroeger nummer",
    "Status",
    "Titel",
    "Type",
    "Sectoren",
    "Vakgebied",
    "Plaats",
    "Aanbieder",
    "KvK-nummer",
    "Contacturen",
    "Zelfstudie-uren",
    "Geldig vanaf",
    "Ingetrokken op",
    "Startdatum",
    "Einddatum",
    "Gewijzigd op",
    "Id",
)


@dataclass(frozen=True)
class Listed:
    """A page of a list, and how many there are in all.

    Of a list of changes also until when it is complete.
    """

    summaries: Sequence[Summary]
    total: int
    complete_until: datetime | None = None


def sent_list(question: Mapping[str, Any], listed: Listed) -> Response:
    """The page as the program wants it."""
    base, page, size = current_settings().base_url, question["pagina"], question["paginaGrootte"]
    given = {name: value for name, value in request.args.items() if name != "pagina"}
    links = page_links(f"{base}{BASE}/activiteiten", given, page, max(-(-listed.total // size), 1))
    if wants_csv():
        response = as_csv("".join(csv_portions(COLUMNS, _rows(listed.summaries))), links)
        if listed.complete_until:
            response.headers["Bijgewerkt-Tot"] = moment_shape(listed.complete_until)
        return response
    shape: dict[str, Any] = {
        "activiteiten": [activity_shape(summary, base) for summary in listed.summaries],
        "pagina": page,
        "paginaGrootte": size,
        "totaal": listed.total,
    }
    if listed.complete_until:
        shape["bijgewerktTot"] = moment_shape(listed.complete_until)
    return as_json(shape | {"links": links})


def _rows(summaries: Sequence[Summary]) -> Iterator[Sequence[Cell]]:
    for one in summaries:
        told = one.status in TELLING
        yield (
            numbers.shown(one.number),
            one.former_number,
            one.status,
            *((one.title, one.type, ", ".join(one.sectors), one.subject, one.place) if told else [""] * 5),
            one.provider,
            one.kvk_number,
            one.hours.contact,
            one.hours.self_study,
            one.valid_from,
            one.withdrawn_on,
            *((one.starts_on, one.ends_on) if told else [None] * 2),
            moment_shape(one.changed_at),
            str(one.activity_id),
        )
