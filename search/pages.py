"""Searching: by any part of a number from the database, by words from the index. Complete without JavaScript."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from catalogue import numbers
from catalogue.models import Recognition
from catalogue.queries import Entry, entries, find_by_number_part, visible_entries, visible_entries_by_id
from core import clock
from core.access import Role, open_to
from core.db import db
from core.policy.loading import current_policies
from search.index import Query
from search.services import current_index

PAGE = 20
MOST_NUMBERS = 50

bp = Blueprint("search", __name__)


@dataclass(frozen=True)
class Found:
    """What the page shows: hits by number, hits by words, their totals, and numbers that were perhaps meant."""

    by_number: list[Entry]
    by_words: list[Entry]
    total: int
    meant: list[Entry]
    is_wrong_number: bool


@bp.get("/")
@open_to(Role.ANYONE)
def home() -> Response:
    """The register opens with its search page."""
    return redirect(url_for(".search_page"), 302)


@bp.get("/zoeken")
@open_to(Role.ANYONE)
def search_page() -> str:
    """Find activities by number or words; without a question, the newest."""
    text = request.args.get("q", "").replace("\x00", "").strip()[:200]
    page = min(max(request.args.get("pagina", 1, type=int), 1), 500)
    found = _find(text, page) if text else _newest(page)
    return render_template(
        "public/search.html",
        q=text,
        part=numbers.normalise(text),
        found=found,
        page=page,
        pages=-(-found.total // PAGE),
        policy=current_policies().on(clock.today()),
    )


def _find(text: str, page: int) -> Found:
    today = clock.today()
    register = current_policies().on(today).register
    by_number = find_by_number_part(text, register, today, most=MOST_NUMBERS) if page == 1 else []
    hits = current_index().search(Query(text, page, PAGE))
    known = visible_entries_by_id(hits.ids, register, today)
    numbered = {entry.activity_id for entry in by_number}
    by_words = [known[id_] for id_ in hits.ids if id_ in known and id_ not in numbered]
    key = numbers.normalise(text)
    meant = [] if by_number else _meant(key, register)
    is_wrong = bool(meant) or (not by_number and _looks_like_number(key) and not numbers.is_valid(key))
    return Found(by_number, by_words, max(hits.total, len(by_number) + len(by_words)), meant, is_wrong)


def _looks_like_number(key: str) -> bool:
    return len(key) == numbers.LENGTH and key.isascii() and key.isalnum() and any(symbol.isdigit() for symbol in key)


def _meant(key: str, register: str) -> list[Entry]:
    near = numbers.near(key)
    if not near or numbers.is_valid(key):
        return []
    query = visible_entries(register, clock.today()).where(Recognition.number.in_(near)).limit(PAGE)
    return list(entries(query))


def _newest(page: int) -> Found:
    today = clock.today()
    query = visible_entries(current_policies().on(today).register, today)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(Recognition.valid_from.desc(), Recognition.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    return Found([], list(entries(newest)), total, [], is_wrong_number=False)
