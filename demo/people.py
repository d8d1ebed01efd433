"""The people who can sign in on a demonstration instance. Invented; the claims are those of a real broker."""

from dataclasses import dataclass, field
from typing import Any

from core.access import ENTRANCE, Audience, Identity
from core.sign_in import claim_paths as names
from core.sign_in.claims import Claims, identity_from


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as; `about` tells a newcomer why."""

    id: str
    audience: Audience
    name: str
    about: str
    claims: dict[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        """Who this person is once signed in."""
        paths = names.DEFAULT_PATHS[self.audience]
        claims = {"sub": self.id, **self.claims}
        return identity_from(self.audience, Claims(claims, paths, {}), lowest_level="loa2plus")

    @property
    def entrance(self) -> str:
        """The last part of the address where this person signs in."""
        return ENTRANCE[self.audience]


# Somebody acts for the same company as somebody else, or in an unusual way: the buttons must tell them apart.
LABELS = {
    "collega": "Collega bij Academie De Brug",
    "tussenpersoon": "Tussenpersoon van Taalhuis Noord",
    "laag": "Iemand met een te laag niveau",
}


def _provider(id_: str, kvk_number: str, company: str, about: str, **more: str) -> Person:
    claims = {
        "acr": names.LEVEL_PREFIX + more.pop("level", "loa3"),
        names.LEGAL_SUBJECT: kvk_number,
        names.ACTING_SUBJECT: f"{id_:0<64}@{kvk_number:0<32}",
        names.COMPANY_NAME: company,
        **{getattr(names, name.upper()): value for name, value in more.items()},
    }
    return Person(id_, Audience.EHERKENNING, LABELS.get(id_, company), about, claims)


def _staff(id_: str, name: str, about: str, role: str) -> Person:
    claims = {"name": name, "roles": [role], "email": f"{id_}@commissie.example"}
    return Person(id_, Audience.STAFF, name, about, claims)


PEOPLE = (
    _provider(
        "testleergang",
        "90000102",
        "Stichting Testleergang Noord",
        "aanbieder uit het oude register: overgenomen concepten, aanmelding nog af te ronden",
    ),
    _provider(
        "debrug",
        "90100011",
        "Academie De Brug",
        "beheerder van een toegelaten aanbieder met concepten, ingediende en gepubliceerde activiteiten",
    ),
    _provider("collega", "90100011", "Academie De Brug", "redacteur, geen beheerder"),
    _provider("nieuw", "90100099", "Studio Nieuwe Leraar", "nieuwe aanbieder: meldt zich aan en wacht op de commissie"),
    _provider(
        "tussenpersoon",
        "90100022",
        "Taalhuis Noord",
        "administratiekantoor dat namens deze aanbieder inlogt (ketenmachtiging)",
        intermediary="90100110",
    ),
    _provider(
        "laag", "90100033", "Leerkracht in Beweging", "logt in met EH2 en ziet waarom dat niet kan", level="loa2"
    ),
    _staff("jansen", "R. Jansen", "commissielid", "committee"),
    _staff("yilmaz", "M. Yılmaz", "commissielid", "committee"),
    _staff("visser", "A. Visser", "voorzitter van de commissie", "chair"),
    _staff("bakker", "T. Bakker", "medewerker van het bureau", "bureau"),
    Person("devries", Audience.TEACHER, "S. de Vries", "leraar", {"name": "S. de Vries"}),
)
