"""From verified claims to an identity. Pure; every missing or unfit claim is a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.access import Audience, Identity, Role
from core.company_numbers import BRANCH_NUMBER, KVK_NUMBER
from core.mail.addresses import is_address
from core.sign_in.claim_paths import LEVEL_NAMES, LEVEL_OF, LEVELS, Paths, value_at
from core.sign_in.refusals import ClaimMissing, CompanyUnfit, LevelTooLow, NoRole
from core.sign_in.representation import NoCompany, represented
from core.texts import tidy_line

LONGEST_SUBJECT = 200
KVK_TYPES = ("kvknr", "kvknummer", "kvk")
LONGEST_NAME = 200
STAFF_ROLES = {"committee": Role.COMMITTEE, "chair": Role.CHAIR, "bureau": Role.BUREAU}
NO_COMPANY = (
    "Wij herkennen organisaties aan hun KvK-nummer, en dat gaf uw inlogmiddel niet goed door."
    " Log in met een inlogmiddel voor een KvK-nummer, of meld dit aan uw leverancier."
)
CONTRADICTION = "Uw inlogmiddel noemt twee verschillende organisaties. Meld dit aan uw leverancier."


@dataclass(frozen=True)
class Claims:
    """What a token says, with where to look and what the broker's levels mean."""

    values: Mapping[str, Any]
    paths: Paths
    levels: Mapping[str, str]

    def at(self, name: str) -> Any:
        """What stands at the path that the settings give for this name."""
        return value_at(self.values, self.paths[name])

    def text(self, name: str) -> str:
        """A text that must be there. Raises `ClaimMissing` with the broker's own name of it."""
        value = self.at(name)
        if not isinstance(value, str) or not value.strip():
            raise ClaimMissing(" / ".join(self.paths[name]))
        return value.strip()

    def name(self, otherwise: str) -> str:
        """A name to show; whatever is no text is nobody's name."""
        value = self.at("company_name" if "company_name" in self.paths else "name")
        return (tidy_line(value)[:LONGEST_NAME] if isinstance(value, str) else "") or otherwise


def identity_from(audience: Audience, claims: Claims, *, lowest_level: str) -> Identity:
    """The person behind the claims. Raises a `SignInRefused`."""
    readers = {Audience.STAFF: _staff, Audience.TEACHER: _teacher}
    return readers[audience](claims) if audience in readers else _provider(claims, lowest_level)


def level_of(claims: Claims, lowest: str) -> str:
    """The level that was reached. Raises `LevelTooLow`, also when it is unknown or missing."""
    received = claims.at("level")
    known = LEVEL_OF | dict(claims.levels)
    level = known.get(str(received)) if isinstance(received, str | int) and not isinstance(received, bool) else None
    if level is None or LEVELS.index(level) < LEVELS.index(lowest):
        shown = LEVEL_NAMES[level] if level else "geen of een onbekend niveau"
        raise LevelTooLow(LEVEL_NAMES[lowest], shown)
    return level


def _provider(claims: Claims, lowest_level: str) -> Identity:
    level = level_of(claims, lowest_level)
    kvk_number, intermediary = _company(claims)
    branch = str(claims.at("branch") or "")
    if not KVK_NUMBER.fullmatch(kvk_number) or (branch and not BRANCH_NUMBER.fullmatch(branch)):
        raise CompanyUnfit("Het KvK-nummer of vestigingsnummer van uw inlogmiddel klopt niet. Meld dit uw leverancier.")
    return Identity(
        audience=Audience.EHERKENNING,
        subject=_subject(_acting_subject(claims)),
        name=claims.name(f"KvK {kvk_number}"),
        roles=frozenset({Role.PROVIDER}),
        kvk_number=kvk_number,
        branch=branch,
        intermediary=intermediary,
        level=level,
    )


def _company(claims: Claims) -> tuple[str, str]:
    """The represented company and the one that acts for it, if any. The legal subject is always the represented one."""
    kind = str(claims.at("legal_subject_type") or KVK_TYPES[0])
    if kind.rsplit(":", 1)[-1].casefold() not in KVK_TYPES:
        raise CompanyUnfit(NO_COMPANY)
    try:
        chain = represented(claims.values)
    except NoCompany:
        raise CompanyUnfit(NO_COMPANY) from None
    between = claims.at("intermediary")
    named = between if isinstance(between, str) and KVK_NUMBER.fullmatch(between) else ""
    if chain is None:
        return claims.text("legal_subject"), named
    if claims.at("legal_subject") not in (None, chain.kvk_number):
        raise CompanyUnfit(CONTRADICTION)
    return chain.kvk_number, named or (chain.intermediaries[-1] if chain.intermediaries else "")


def _acting_subject(claims: Claims) -> str:
    # In the Dutch profile the subject of a token with `represents` is the acting person.
    is_profile = "represents" in claims.values and claims.at("acting_subject") is None
    return _own_subject(claims) if is_profile else claims.text("acting_subject")


def _own_subject(claims: Claims) -> str:
    subject = claims.values.get("sub")
    if not isinstance(subject, str) or not subject.strip():
        raise ClaimMissing("sub")
    return subject.strip()


def _subject(subject: str) -> str:
    if len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise ClaimMissing("sub")
    return subject


def _staff(claims: Claims) -> Identity:
    given = claims.at("roles")
    named = [role for role in given if isinstance(role, str)] if isinstance(given, list) else []
    roles = {STAFF_ROLES[role] for role in named if role in STAFF_ROLES}
    if not roles:
        raise NoRole
    if Role.CHAIR in roles:
        roles.add(Role.COMMITTEE)  # the chair is a member, too
    claims.text("name")
    subject, email = _subject(_own_subject(claims)), claims.at("email")
    return Identity(
        audience=Audience.STAFF,
        subject=subject,
        name=claims.name(subject),
        roles=frozenset(roles),
        email=email if isinstance(email, str) and is_address(email) else "",
    )


def _teacher(claims: Claims) -> Identity:
    roles = frozenset({Role.TEACHER})
    subject = _subject(_own_subject(claims))
    return Identity(audience=Audience.TEACHER, subject=subject, name=claims.name("leraar"), roles=roles)
