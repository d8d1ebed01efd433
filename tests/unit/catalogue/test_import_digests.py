"""What an offer is known by when it comes again: its meaning, in whatever notation."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from catalogue.importing.offers import FIRST_COLUMNS, Offer, is_same
from catalogue.importing.rows import OfferSchema, OwnOfferSchema
from tests.exports import ROW
from tests.world import POLICY

SCHEMAS = (OfferSchema(POLICY), OwnOfferSchema(POLICY, own_kvk="90000102"))
TEXTS = ("omschrijving", "doel", "programma", "planning", "toetsing", "voorkennis", "verantwoording_zelfstudie")
LINES = ("titel", "plaats", "vakgebied", "eigen_sleutel")
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
words = st.text("abcXYZ éëç€–½1", min_size=1, max_size=8).map(str.split).map(" ".join).filter(bool)
lines = st.lists(words, max_size=3)
hours = st.integers(0, 400).map(lambda quarters: Decimal(quarters) / 4)
days = st.dates(date(2015, 1, 1), date(2030, 12, 31))
facts = st.fixed_dictionaries(
    {
        **dict.fromkeys(TEXTS, lines),
        **dict.fromkeys(LINES, words),
        "type": st.sampled_from(POLICY.types),
        "sectoren": st.sets(st.sampled_from(POLICY.sectors)),
        "contacturen": hours,
        "zelfstudie_uren": hours,
        "startdatum": days,
    }
)


def hours_in(draw: Any, number: Decimal) -> str:
    written = f"{number.normalize():f}"
    digits = draw(st.sampled_from([written, f"{number:.2f}"])).replace(".", draw(st.sampled_from([",", "."])))
    return str(draw(st.sampled_from(["{}", " {}", "\xa0{} ", "{} uur"])).format(digits))


def day_in(draw: Any, day: date) -> str:
    ways = ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", f"%d {MONTHS[day.month - 1]} %Y"]
    return f" {day.strftime(draw(st.sampled_from(ways)))}"


def text_in(draw: Any, lines: list[str]) -> str:
    marked = "".join(f"<p>{line.replace('é', '&eacute;')}</p>" for line in lines)
    plain = "\n\n".join(lines)
    ways = [marked, plain, plain.replace("\n", "\r\n"), f"\n {plain}  ", plain.replace(" ", "  ")]
    return str(draw(st.sampled_from(ways)))


@st.composite
def written(draw: Any, found: dict[str, Any]) -> dict[str, str]:
    """A row that says these facts, in a notation by chance."""
    row = {name: text_in(draw, found[name]) for name in TEXTS}
    row |= {name: draw(st.sampled_from(["{}", " {} ", "<b>{}</b>", "{}\n"])).format(found[name]) for name in LINES}
    row |= {name: hours_in(draw, found[name]) for name in ("contacturen", "zelfstudie_uren")}
    item = found["type"]
    row["type"] = draw(st.sampled_from([item.code, item.name, item.name.upper(), f" {item.name}"]))
    sectors = draw(st.permutations(sorted(found["sectoren"], key=str)))
    between = draw(st.sampled_from([",", "; ", " | ", "\n"]))
    row["sectoren"] = between.join(draw(st.sampled_from([item.code, item.name])) for item in sectors)
    row |= {"startdatum": day_in(draw, found["startdatum"]), "kvk_nummer": "90000102 ", "aanbieder": "De  Brug"}
    return dict(draw(st.permutations(list(row.items()))))


@given(st.data(), facts)
def test_another_notation_is_the_same_offer(data: Any, found: dict[str, Any]) -> None:
    first, second = data.draw(written(found)), data.draw(written(found))
    for schema in SCHEMAS:
        one, other = schema.load(first), schema.load(second)
        assert (one.source_key, one.meaning) == (other.source_key, other.meaning)
        assert is_same(one.digest, other.digest)


@given(st.data(), facts, facts, st.sampled_from([*TEXTS, *LINES, "type", "sectoren", "contacturen", "startdatum"]))
def test_another_meaning_is_another_offer(data: Any, found: dict[str, Any], other: dict[str, Any], name: str) -> None:
    assume(found[name] != other[name])
    first, second = data.draw(written(found)), data.draw(written(found | {name: other[name]}))
    for schema in SCHEMAS:
        assert not is_same(schema.load(first).digest, schema.load(second).digest)


filled = st.text("abc <p>&;\n", max_size=20)


@given(st.fixed_dictionaries(dict.fromkeys(["omschrijving", "doel", "programma", "toetsing"], filled)))
def test_a_row_that_an_earlier_version_landed_is_known_by_its_words(texts: dict[str, str]) -> None:
    row = ROW | texts
    sent = {name: row.get(name, "") for name in sorted(FIRST_COLUMNS)}
    landed = hashlib.sha256(json.dumps(sent, ensure_ascii=False).encode()).hexdigest()
    offers: list[Offer] = [SCHEMAS[0].load(row | more) for more in ({}, {"plaats": ""}, {"vakgebied": "Anders"})]
    assert [is_same(landed, offer.digest) for offer in offers] == [True, True, False]


def test_an_offer_without_a_number_is_also_looked_for_as_an_earlier_version_knew_it() -> None:
    row = ROW | {"nummer_registerleraar": "", "register_uren": ""}
    plain, shouted = (SCHEMAS[0].load(row | {"type": type_}) for type_ in ("cursus", "CURSUS"))
    assert plain.source_key == plain.older_key == shouted.source_key
    told_apart = ("Lesgeven & leren", "CURSUS", "2015-01-07", plain.content.description)
    assert shouted.older_key.endswith(hashlib.sha256("\n".join(told_apart).encode()).hexdigest()[:40])
