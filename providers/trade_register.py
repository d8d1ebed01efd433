"""What a company profile of the trade register (KvK Basisprofiel v1) tells us. No Flask, no network, no clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.texts import tidy_line

LONGEST_NAME = 200
LONGEST_STREET = 200
LONGEST_PLACE = 100
LONGEST_WEBSITE = 300
LONGEST_ADDITION = 20
HIGHEST_HOUSE_NUMBER = 99_999
VISITING = "bezoekadres"
OPEN = {"", "nee"}  # whatever else stands there is read as shielded, so that a surprise hides and does not reveal
SIGNS = {"kvkNummer", "naam", "_embedded"}
DAY = re.compile(r"[0-9]{8}")
POSTCODE = re.compile(r"([1-9][0-9]{3}) ?([A-Z]{2})")
# A host with a dot and a top-level domain of letters; no user and no backslash, which hide where an address leads.
WEB_ADDRESS = re.compile(
    r"https?://(?:\w(?:[\w-]*\w)?\.)+(?:xn--[a-z0-9-]+|[^\W\d_]{2,})(?::[0-9]{1,5})?(?:[/?#]\S*)?",
    re.IGNORECASE,
)


class NotAProfile(ValueError):  # noqa: N818 -- what was read is wrong, not the reading
    """This is no company profile."""


@dataclass(frozen=True, kw_only=True)
class CompanyFacts:
    """What can be taken over, for a person to check and complete; whatever the register does not tell is empty."""

    name: str = ""
    street: str = ""  # with number, letter and addition: "Dorpsstraat 12a-2"
    postcode: str = ""  # "1234 AB"
    place: str = ""
    website: str = ""  # begins with https:// or http://
    is_shielded: bool = False  # the visiting address is not public; street, postcode and place are empty
    ended_on: date | None = None


def facts_of(profile: object) -> CompanyFacts:
    """Read parsed JSON; every value may be missing or wrong. Raises `NotAProfile` when nothing looks like a profile.

    Only the visiting address counts: a correspondence address may be the home of a secretary.
    """
    if not isinstance(profile, dict) or not SIGNS & profile.keys():
        raise NotAProfile("no JSON object with a company in it")
    branch, owner = (_object(_object(profile.get("_embedded")).get(part)) for part in ("hoofdvestiging", "eigenaar"))
    # Only without a main branch, as with associations and foundations, is the owner's address that of the company.
    visiting = [address for address in _objects((branch or owner).get("adressen")) if _is_visiting(address)]
    is_shielded = any(_is_shielded(address) for address in visiting)
    address = visiting[0] if visiting and not is_shielded else {}
    return CompanyFacts(
        name=next(_names(profile, branch), ""),
        street=_street(address),
        postcode=_postcode(address.get("postcode")),
        place=_line(address.get("plaats"), LONGEST_PLACE),
        website=next(_websites(branch, owner), ""),
        is_shielded=is_shielded,
        ended_on=_day(_object(profile.get("materieleRegistratie")).get("datumEinde")),
    )


def _names(profile: dict[str, Any], branch: dict[str, Any]) -> Iterator[str]:
    traded = [name.get("naam") for name in _objects(profile.get("handelsnamen"))]
    for name in (branch.get("eersteHandelsnaam"), *traded, profile.get("naam"), profile.get("statutaireNaam")):
        if line := _line(name, LONGEST_NAME):
            yield line


def _is_visiting(address: dict[str, Any]) -> bool:
    return _line(address.get("type"), LONGEST_NAME).casefold() == VISITING


def _is_shielded(address: dict[str, Any]) -> bool:
    mark = address.get("indAfgeschermd")
    return mark is not None and (not isinstance(mark, str) or tidy_line(mark).casefold() not in OPEN)


def _street(address: dict[str, Any]) -> str:
    street = _line(address.get("straatnaam"), LONGEST_STREET)
    number = _house_number(address.get("huisnummer"))
    if not street or not number:
        return street
    letter = _line(address.get("huisletter"), LONGEST_ADDITION)
    addition = _line(address.get("huisnummerToevoeging"), LONGEST_ADDITION).lstrip("- ")
    whole = f"{number}{letter}-{addition}" if addition else f"{number}{letter}"
    return f"{street[: LONGEST_STREET - len(whole) - 1].rstrip()} {whole}"


def _house_number(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch("[0-9]{1,5}", text):
        value = int(text)
    is_number = type(value) is int and 0 < value <= HIGHEST_HOUSE_NUMBER  # True is an `int` as well
    return str(value) if is_number else ""


def _postcode(value: object) -> str:
    found = POSTCODE.fullmatch(_line(value, LONGEST_PLACE).upper())
    return " ".join(found.groups()) if found else ""


def _websites(*places: dict[str, Any]) -> Iterator[str]:
    for site in (site for place in places for site in _list(place.get("websites")) if isinstance(site, str)):
        line = tidy_line(site)
        for address in (line, f"https://{line}"):
            # An address is not cut: half of it leads elsewhere.
            if len(address) <= LONGEST_WEBSITE and WEB_ADDRESS.fullmatch(address):
                yield address


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


def _line(value: object, most: int) -> str:
    return tidy_line(value)[:most].rstrip() if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in _list(value) if isinstance(item, dict)]


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
