"""The public pages: of an activity, which is also what a certificate's number leads to, and of a provider."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from catalogue import numbers
from catalogue.editions import coming_editions, facts_of
from catalogue.labels import NAMES
from catalogue.linked_data import Offered, course, organisation
from catalogue.models import FORMER_REGISTER, Edition
from catalogue.of_provider import visible_count_of, visible_of
from catalogue.queries import PublicActivity, first_version, public_activity
from catalogue.takeover import completed
from catalogue.tombstones import UnknownNumber, tombstone
from core import clock
from core.access import Role, open_to
from core.caching import for_everybody
from core.company_numbers import KVK_NUMBER
from core.errors import NotFound
from core.formatting import joined
from core.policy.loading import current_policies
from core.problems import answer
from core.requests import page_count, page_number, wants_json
from core.web import current_settings
from providers.queries import admitted_now_or_formerly

PAGE = 20
EDITIONS = 20  # that are shown at once; the rest folds out

bp = Blueprint("catalogue", __name__)


@bp.get("/activiteiten/<number>")
@open_to(Role.ANYONE)
def activity_page(number: str) -> Response:
    """The activity with this number; old numbers and other notations lead to the one address."""
    try:
        found = public_activity(number, clock.today())
    except NotFound:
        return _no_longer(number)
    if found.recognition.number != number:
        return redirect(url_for(".activity_page", number=found.recognition.number), 301)
    former = [known.number for known in found.activity.recognitions if not known.is_leading]
    is_former, today = found.recognition.register == FORMER_REGISTER, clock.today()
    policy = current_policies().on(today)
    original = first_version(found.activity.id).content if is_former else None
    editions = coming_editions([found.activity.id], today)[found.activity.id] if found.is_visible else []
    page = render_template(
        "public/activity.html",
        found=found,
        former=former,
        is_former=is_former,
        added=joined([NAMES[name] for name in completed(found.version.content, original, policy)]) if original else "",
        policy=policy,
        editions=editions,
        most=EDITIONS,
        today=today,
        linked=course(_offered(found, editions), policy, current_settings().base_url) if found.is_visible else None,
    )
    return for_everybody(page)


def _offered(found: PublicActivity, editions: Sequence[Edition]) -> Offered:
    return Offered(
        number=found.recognition.number,
        hours=found.recognition.hours,
        content=found.version.content,
        provider=found.provider.name,
        kvk_number=found.provider.kvk_number,
        editions=[facts_of(edition) for edition in editions],
    )


def _no_longer(number: str) -> Response:
    """What may still be said: of what was deleted for ever, and of what its provider does not show at present."""
    try:
        grave = tombstone(number)
    except UnknownNumber as unknown:
        if numbers.is_slip(number):
            unknown.link = (url_for("search.search_page", q=number), "Zoek een nummer dat hierop lijkt")
        raise
    policy = current_policies().on(clock.today())
    fate, number = grave.fate, numbers.shown(grave.recognition.number)
    if wants_json():
        return answer(fate.status, code=fate.code, title=fate.title, detail=f"Nummer {number}.")
    is_former = grave.recognition.register == FORMER_REGISTER
    page = render_template("public/gone.html", title=fate.title, grave=grave, is_former=is_former, policy=policy)
    return for_everybody(page, status=fate.status)


@bp.get("/aanbieders/<kvk_number>")
@open_to(Role.ANYONE)
def provider_page(kvk_number: str) -> Response:
    """An admitted provider with its branches and what they offer; a number from before a takeover leads to the new."""
    today = clock.today()
    providers = admitted_now_or_formerly(kvk_number) if KVK_NUMBER.fullmatch(kvk_number) else []
    if not providers:
        raise NotFound
    if providers[0].kvk_number != kvk_number:
        return redirect(url_for(".provider_page", kvk_number=providers[0].kvk_number), 301)
    count = visible_count_of(kvk_number, today)
    page, pages = page_number(), page_count(count, PAGE)
    if page > pages:
        return redirect(url_for(".provider_page", kvk_number=kvk_number), 303)
    text = render_template(
        "public/provider.html",
        providers=providers,
        first=providers[0],
        entries=visible_of(kvk_number, today, most=PAGE, page=page),
        count=count,
        page=page,
        pages=pages,
        policy=current_policies().on(today),
        linked=organisation(providers[0].name, kvk_number, current_settings().base_url, providers[0].website),
    )
    return for_everybody(text)
