"""The catalogue for machines that only look by: a sitemap, a feed of what is new, and the picture behind a QR code."""

import re
from collections.abc import Iterator
from io import BytesIO

import segno
from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from catalogue.browsing import visible_numbers
from catalogue.queries import public_activity, visible_count
from catalogue.summaries import Wanted, visible_summaries
from core import clock
from core.access import Role, open_to
from core.caching import for_everybody
from core.errors import NotFound
from core.policy.loading import current_policies
from core.requests import search_words
from core.web import current_settings
from providers.queries import admitted_numbers

NEWEST = 50
ON_A_MAP = 20_000  # addresses in one file; the format allows 50,000
CODE = re.compile(r"[a-z0-9-]{1,40}")  # of a type, a sector or a company
HOUR, DAY = 3_600, 86_400
XML, ATOM, SVG = "application/xml", "application/atom+xml", "image/svg+xml"
bp = Blueprint("feeds", __name__)


@bp.get("/nieuw.atom")
@open_to(Role.ANYONE)
def newest() -> Response:
    """What was validated last (Atom, RFC 4287); of one sector, type or provider where the address says so."""
    today = clock.today()
    policy = current_policies().on(today)
    given = {name: search_words(name) for name in ("type", "sector", "aanbieder")}
    asked = {name: value for name, value in given.items() if value}
    if not all(CODE.fullmatch(value) for value in asked.values()):
        raise NotFound
    wanted = Wanted(type=given["type"], sector=given["sector"], kvk_number=given["aanbieder"])
    entries, _ = visible_summaries(wanted, today, page=1, size=NEWEST)
    changed_at = max((entry.changed_at for entry in entries), default=clock.start_of(policy.valid_from))
    feed = render_template(
        "public/newest.xml",
        entries=entries,
        changed_at=changed_at,
        base=current_settings().base_url,
        policy=policy,
        asked=asked,
        start_of=clock.start_of,
    )
    return for_everybody(feed, mimetype=ATOM)


@bp.get("/sitemap.xml")
@open_to(Role.ANYONE)
def sitemap() -> Response:
    """Where the parts of the map are (sitemaps.org)."""
    parts = range(1, max(-(-visible_count(clock.today()) // ON_A_MAP), 1) + 1)
    page = render_template("public/sitemaps.xml", parts=parts, base=current_settings().base_url)
    return for_everybody(page, mimetype=XML, seconds=HOUR)


@bp.get("/sitemap-<id:part>.xml")
@open_to(Role.ANYONE)
def part_of_sitemap(part: int) -> Response:
    """A part of the map: the pages of activities with when they changed; the first part has the other pages, too."""
    found = visible_numbers(clock.today(), page=part, size=ON_A_MAP)
    if not found and part > 1:
        raise NotFound
    others = [(address, None) for address in _other_pages()] if part == 1 else []
    pages = [(url_for("catalogue.activity_page", number=number), changed_at) for number, changed_at in found]
    page = render_template("public/sitemap.xml", pages=[*others, *pages], base=current_settings().base_url)
    return for_everybody(page, mimetype=XML, seconds=HOUR)


def _other_pages() -> Iterator[str]:
    yield url_for("search.search_page")
    yield url_for("browse.browse_page")
    for kvk_number in admitted_numbers():
        yield url_for("catalogue.provider_page", kvk_number=kvk_number)


@bp.get("/robots.txt")
@open_to(Role.ANYONE)
def robots() -> Response:
    """What crawlers are asked to leave alone (RFC 9309): what is for people who are signed in, and endless lists."""
    lines = ["User-agent: *", "Disallow: /zoeken?", "Disallow: /zoeken/resultaten", "Disallow: /inloggen/"]
    text = "\n".join([*lines, f"Sitemap: {current_settings().base_url}{url_for('.sitemap')}", ""])
    return for_everybody(text, mimetype="text/plain", seconds=DAY)


@bp.get("/activiteiten/<number>/qr.svg")
@open_to(Role.ANYONE)
def qr_code(number: str) -> Response:
    """A QR code that leads to the page of the activity."""
    found = public_activity(number, clock.today())
    address = f"{current_settings().base_url}{url_for('catalogue.activity_page', number=found.recognition.number)}"
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", scale=4, border=4, xmldecl=False)
    return for_everybody(picture.getvalue().decode(), mimetype=SVG, seconds=DAY)
