"""The catalogue for machines that only look by: a sitemap, a feed of what is new, and the picture behind a QR code."""

from io import BytesIO

import segno
from flask import Blueprint, render_template, request, url_for
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

NEWEST = 50
ON_A_MAP = 20_000  # addresses in one file; the format allows 50,000
HOUR, DAY = 3_600, 86_400
XML, ATOM, SVG = "application/xml", "application/atom+xml", "image/svg+xml"
bp = Blueprint("feeds", __name__)


@bp.get("/nieuw.atom")
@open_to(Role.ANYONE)
def newest() -> Response:
    """What was validated last (Atom, RFC 4287); of one sector, type or provider where the address says so."""
    today, base = clock.today(), current_settings().base_url
    policy = current_policies().on(today)
    wanted = Wanted(type=search_words("type"), sector=search_words("sector"), kvk_number=search_words("aanbieder"))
    entries, _ = visible_summaries(wanted, today, page=1, size=NEWEST)
    changed_at = max((entry.changed_at for entry in entries), default=clock.start_of(policy.valid_from))
    feed = render_template(
        "public/newest.xml",
        entries=entries,
        changed_at=changed_at,
        base=base,
        policy=policy,
        address=request.full_path.rstrip("?"),
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
    """A part of the map: the pages of activities with when they changed."""
    found = visible_numbers(clock.today(), page=part, size=ON_A_MAP)
    if not found and part > 1:
        raise NotFound
    page = render_template("public/sitemap.xml", found=found, base=current_settings().base_url)
    return for_everybody(page, mimetype=XML, seconds=HOUR)


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
