"""The way in: to the sign-in provider and back. Starting is a link, because a policy blocks posted redirects."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from core import clock
from core.access import ENTRANCE, Audience, Identity, Role, open_to, roles_of
from core.audit import Actor, record
from core.db import transaction
from core.errors import NotFound
from core.policy.loading import current_policies
from core.sign_in import attempts
from core.sign_in.attempts import SignInAttempt, new_secret
from core.sign_in.claim_paths import LEVEL_PREFIX
from core.sign_in.claims import Claims, identity_from
from core.sign_in.devices import device_in_words
from core.sign_in.kept_forms import forget_old
from core.sign_in.oidc import Arrival, client_for, safe_return, verified_arrival
from core.sign_in.recognising import lifetime
from core.sign_in.refusals import SignInCancelled, SignInRefused, UnknownReturn
from core.sign_in.sessions import Origin, end, start
from core.sign_in.throttle import Throttle
from core.web import current_settings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NOBODY = Actor("unknown", "page")
ON_RECORD_A_MINUTE = 120
HOME = {Audience.EHERKENNING: "/aanbieder", Audience.STAFF: "/commissie", Audience.TEACHER: "/dossier"}
AUDIENCE_AT = {entrance: audience for audience, entrance in ENTRANCE.items()}
Arrive = Callable[[Identity, datetime], Identity]

log = logging.getLogger(__name__)
bp = Blueprint("sign_in", __name__)


@bp.get("/inloggen/<entrance>", endpoint="start")
@open_to(Role.ANYONE)
def begin(entrance: str) -> Response:
    """Send the person to the sign-in provider of the entrance."""
    audience, settings = audience_at(entrance), current_settings()
    here, home = urlsplit(request.host_url).hostname, urlsplit(settings.base_url).hostname
    if home in LOOPBACK and here != home:
        # Typed as localhost: the cookie must belong to the address to which the provider returns.
        return redirect(settings.base_url + request.full_path, 303)
    try:
        return redirect(_begun(audience), 303)
    except SignInRefused as refused:
        raise _noted(refused, audience) from None


@bp.get("/inloggen/<entrance>/terug")
@open_to(Role.ANYONE)
def arrive(entrance: str) -> Response:
    """Take the person in: check, rotate the session, tell the package that knows such people."""
    audience, now = audience_at(entrance), clock.now()
    with transaction():
        attempt = attempts.take(request.args.get("state", ""), audience, now)
    try:
        if attempt is None:
            raise UnknownReturn
        arrival = verified_arrival(audience, attempt, _return_address(audience))
        token = _taken_in(_identity(audience, arrival), arrival, now)
    except SignInRefused as refused:
        _noted(refused, audience)
        if attempt is None or not isinstance(refused, SignInCancelled):
            raise
        flash(refused.detail, "info")
        return redirect(attempt.began_at, 303)
    session.clear()
    session["token"] = token
    return redirect(attempt.return_to, 303)


def audience_at(entrance: str) -> Audience:
    """Whose entrance this is. Raises `NotFound`."""
    if entrance not in AUDIENCE_AT:
        raise NotFound
    return AUDIENCE_AT[entrance]


def _begun(audience: Audience) -> str:
    """Where to send the browser, with the attempt kept for its return."""
    state, nonce = new_secret(), new_secret()
    sent = client_for(audience).create_authorization_url(
        _return_address(audience), state=state, nonce=nonce, **_wishes(audience)
    )
    attempt = SignInAttempt(
        audience=audience,
        nonce=nonce,
        code_verifier=sent["code_verifier"],
        return_to=safe_return(request.args.get("naar"), HOME[audience]),
        began_at=_page_before(),
        created_at=clock.now(),
    )
    with transaction():
        attempts.keep(attempt, state)
    return str(sent["url"])


def _wishes(audience: Audience) -> dict[str, str]:
    """What we ask of the provider beyond what the protocol needs."""
    settings = current_settings().clients[audience]
    level = ""
    if audience is Audience.EHERKENNING:
        level = LEVEL_PREFIX + current_policies().on(clock.today()).provider_level
    wishes = {
        "acr_values": settings.acr_values or level,
        "prompt": settings.prompt,
        "login_hint": request.args.get("als", "")[:100],
    }
    return {name: value for name, value in wishes.items() if value}


def _identity(audience: Audience, arrival: Arrival) -> Identity:
    settings, policy = current_settings().clients[audience], current_policies().on(clock.today())
    claims = Claims(arrival.claims, settings.claims, settings.levels)
    return identity_from(audience, claims, lowest_level=policy.provider_level)


def _taken_in(identity: Identity, arrival: Arrival, now: datetime) -> str:
    """Open the session in the place of the one that this browser had; returns its token."""
    arrivals: Mapping[Audience, Arrive] = current_app.extensions["arrivals"]
    origin = Origin(
        device=device_in_words(request.headers.get("User-Agent", "")),
        sid=arrival.sid,
        provider_subject=arrival.subject,
        id_token=arrival.id_token,
    )
    data = {"level": identity.level, "intermediary": identity.intermediary}
    with transaction():
        if identity.audience in arrivals:
            identity = arrivals[identity.audience](identity, now)
        end(session.get("token", ""), now)
        forget_old(now)
        token = start(identity, now, lifetime(), origin)
        told = {name: value for name, value in data.items() if value}
        record("sign-in.started", f"account:{identity.audience}", by=identity.actor, at=now, data=told)
    return token


def _noted(refused: SignInRefused, audience: Audience) -> SignInRefused:
    """Put the refusal on record, and let its page offer another try.

    Anybody can be refused as often as they like, so a flood is only counted in the log.
    """
    if may_be_recorded():
        with transaction():
            record("sign-in.refused", f"account:{audience}", by=NOBODY, at=clock.now(), result=refused.code)
    else:
        log.warning("sign-in refused for %s: %s; too many to put on record", audience, refused.code)
    refused.link = (url_for(".start", entrance=ENTRANCE[audience]), "Opnieuw inloggen")
    return refused


def may_be_recorded() -> bool:
    """Whether what nobody in particular did goes into the audit trail, or is too much of it."""
    throttle: Throttle = current_app.extensions["on_record"]
    return throttle.lets_through()


def _return_address(audience: Audience) -> str:
    """Where the provider sends the browser: from the settings, never from what a request calls this host."""
    return current_settings().base_url + url_for(".arrive", entrance=ENTRANCE[audience])


def _page_before() -> str:
    """The page where the person decided to sign in, if anybody may see it; else the front page."""
    before = request.referrer or ""
    if before.startswith(request.host_url):
        path = safe_return(before[len(request.host_url) - 1 :], "/")
        try:
            endpoint = current_app.url_map.bind("").match(urlsplit(path).path)[0]
        except HTTPException:
            return "/"
        if Role.ANYONE in roles_of(endpoint) and not endpoint.startswith("sign_in."):
            return path
    return "/"
