"""From verified claims to an identity. Pure; every missing or unfit claim is a refusal."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from core.access import Audience, Identity, Role
from core.company_numbers import BRANCH_NUMBER, KVK_NUMBER
from core.errors import Refusal

# Attribute names and levels of the eToegang scheme (afsprakenstelsel.etoegang.nl), lowest level first.
LEGAL_SUBJECT = "urn:etoegang:core:LegalSubjectID"
ACTING_SUBJECT = "urn:etoegang:core:ActingSubjectID"
BRANCH = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"
COMPANY_NAME = "urn:etoegang:1.11:attribute-represented:CompanyName"
LEVEL_PREFIX = "urn:etoegang:core:assurance-class:"
LEVELS = ("loa1", "loa2", "loa2plus", "loa3", "loa4")
LEVEL_NAMES = {"loa1": "EH1", "loa2": "EH2", "loa2plus": "EH2+", "loa3": "EH3", "loa4": "EH4"}

STAFF_ROLES = {"committee": Role.COMMITTEE, "bureau": Role.BUREAU}


class SignInRefused(Refusal):
    """The person came back from the sign-in provider, but may not enter; the text says what to do."""

    code = "sign-in-refused"
    status = HTTPStatus.FORBIDDEN


def identity_from(audience: Audience, claims: Mapping[str, Any], *, lowest_level: str) -> Identity:
    """The person behind the claims of an id token. Raises `SignInRefused`."""
    readers = {Audience.EHERKENNING: _provider, Audience.STAFF: _staff, Audience.TEACHER: _teacher}
    if audience is Audience.EHERKENNING:
        _check_level(claims.get("acr"), lowest_level)
    return readers[audience](claims)


def _check_level(received: object, lowest: str) -> None:
    name = str(received).removeprefix(LEVEL_PREFIX)
    if name not in LEVELS or LEVELS.index(name) < LEVELS.index(lowest):
        shown = LEVEL_NAMES.get(name, "geen of een onbekend niveau")
        message = (
            f"Voor het register hebt u eHerkenning niveau {LEVEL_NAMES[lowest]} of hoger nodig. "
            f"U logde in met: {shown}. Vraag uw leverancier van eHerkenning om een hoger niveau."
        )
        raise SignInRefused(message)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value.strip():
        message = f"Bij het inloggen ontbrak een gegeven ({name}). Meld dit aan uw leverancier van de inlogdienst."
        raise SignInRefused(message)
    return value.strip()


def _provider(claims: Mapping[str, Any]) -> Identity:
    kvk_number, branch = _text(claims, LEGAL_SUBJECT), str(claims.get(BRANCH) or "")
    if not KVK_NUMBER.fullmatch(kvk_number) or (branch and not BRANCH_NUMBER.fullmatch(branch)):
        message = "Het KvK-nummer of vestigingsnummer van uw inlogmiddel klopt niet. Meld dit aan uw leverancier."
        raise SignInRefused(message)
    return Identity(
        audience=Audience.EHERKENNING,
        subject=_text(claims, ACTING_SUBJECT),
        name=str(claims.get(COMPANY_NAME) or f"KvK {kvk_number}"),
        roles=frozenset({Role.PROVIDER}),
        kvk_number=kvk_number,
        branch=branch,
    )


def _staff(claims: Mapping[str, Any]) -> Identity:
    given = claims.get("roles")
    named = [role for role in given if isinstance(role, str)] if isinstance(given, list) else []
    roles = frozenset(STAFF_ROLES[role] for role in named if role in STAFF_ROLES)
    if not roles:
        message = "Uw account heeft geen rol in het register. Vraag uw beheerder om de rol van commissielid of bureau."
        raise SignInRefused(message)
    name = _text(claims, "name")
    return Identity(audience=Audience.STAFF, subject=_text(claims, "sub"), name=name, roles=roles)


def _teacher(claims: Mapping[str, Any]) -> Identity:
    name = str(claims.get("name") or "leraar")
    roles = frozenset({Role.TEACHER})
    return Identity(audience=Audience.TEACHER, subject=_text(claims, "sub"), name=name, roles=roles)
