"""The people who can sign in on a demonstration instance. Invented; the claims are those of a real broker."""

from dataclasses import dataclass, field
from typing import Any

from core.access import ENTRANCE, Audience
from core.sign_in import claim_paths as names


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as; `about` tells a newcomer why."""

    id: str
    audience: Audience
    name: str
    about: str
    claims: dict[str, Any] = field(default_factory=dict)

    @property
    def entrance(self) -> str:
        """The last part of the address where this person signs in."""
        return ENTRANCE[self.audience]


def _provider(id_: str, kvk_number: str, company: str, about: str) -> Person:
    claims = {
        "acr": names.LEVEL_PREFIX + "loa3",
        names.LEGAL_SUBJECT: kvk_number,
        names.ACTING_SUBJECT: f"{id_:0<64}@{kvk_number:0<32}",
        names.COMPANY_NAME: company,
    }
    return Person(id_, Audience.EHERKENNING, company, about, claims)


def _staff(id_: str, name: str, about: str, role: str) -> Person:
    return Person(id_, Audience.STAFF, name, about, {"name": name, "roles": [role]})


PEOPLE = (
    _provider(
        "testleergang",
        "90000102",
        "Stichting Testleergang Noord",
        "aanbieder uit het oude register: overgenomen concepten, kwaliteitseisen nog te bevestigen",
    ),
    _provider(
        "debrug",
        "90100011",
        "Academie De Brug",
        "toegelaten aanbieder met concepten, ingediende en gepubliceerde activiteiten",
    ),
    _staff("jansen", "R. Jansen", "commissielid", "committee"),
    _staff("yilmaz", "M. Yılmaz", "commissielid", "committee"),
    _staff("bakker", "T. Bakker", "medewerker van het bureau", "bureau"),
    Person("devries", Audience.TEACHER, "S. de Vries", "leraar", {"name": "S. de Vries"}),
)
