"""Looking through the catalogue without a question: by type and by subject. And how browsers may search it."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from catalogue.browsing import subjects, types
from core import clock
from core.access import Role, open_to
from core.caching import for_everybody
from core.policy.loading import current_policies
from core.texts import folded
from core.web import current_settings

DAY = 86_400
DESCRIPTION = "application/opensearchdescription+xml"
bp = Blueprint("browse", __name__)


@bp.get("/onderwerpen")
@open_to(Role.ANYONE)
def browse_page() -> Response:
    """Every type and every subject with how many activities there are; each leads to the list of them."""
    today = clock.today()
    by_type, policy = types(today), current_policies().on(today)
    page = render_template(
        "public/browse.html",
        types=[(item.code, item.name, by_type[item.code]) for item in policy.types if item.code in by_type],
        subjects=sorted(subjects(today).items(), key=lambda subject: folded(subject[0])),
    )
    return for_everybody(page)


@bp.get("/opensearch.xml")
@open_to(Role.ANYONE)
def opensearch() -> Response:
    """OpenSearch 1.1: browsers offer the search of the register in their own search field."""
    text = render_template("public/opensearch.xml", base=current_settings().base_url)
    return for_everybody(text, mimetype=DESCRIPTION, seconds=DAY)
