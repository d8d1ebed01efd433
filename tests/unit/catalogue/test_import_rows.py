from datetime import date
from decimal import Decimal

import pytest
from marshmallow import ValidationError

from catalogue.content import Content
from catalogue.importing.rows import Offer, OfferSchema
from core.policy import Hours

ROW = {
    "kvk_nummer": "90100011",
    "aanbieder": "Academie De Brug",
    "nummer_registerleraar": "ff6pdyhXP4",
    "titel": "Rust in de klas",
    "type": "Cursus",
    "omschrijving": "<p>Starters leren rust te brengen.</p>",
    "doel": "Rust",
    "programma": "<ul><li>Regels</li></ul>",
    "toetsing": "Toets",
    "voorkennis": "Geen",
    "contacturen": "12,5",
    "zelfstudie_uren": "3.5",
    "register_uren": "16",
    "startdatum": "01-02-2027",
    "einddatum": "2027-03-01",
    "vakgebied": "Pedagogiek",
}
WRONG = {
    "type": ["Workshop", ""],
    "kvk_nummer": ["9010001", "901000111", "٩٠١٠٠٠١١"],
    "titel": ["<p> </p>", "x" * 301],
    "aanbieder": ["", "x" * 201],
    "omschrijving": ["x" * 20_001],
    "nummer_registerleraar": ["ff6 pdy", "x" * 21, "ff6pdyhXP4\n"],
    "startdatum": ["31-02-2027", "01-02-27"],
    "einddatum": ["31-01-2027"],
    "contacturen": ["veel", "-12,5", "12,555"],
    "register_uren": ["15,5", "nan"],
}
ANOTHER = {
    "kvk_nummer": "90100022",
    "nummer_registerleraar": "aa6pdyhXP4",
    "type": "Studiedag",
    "contacturen": "12,50",
    "zelfstudie_uren": "3,5",
    "register_uren": "16,0",
    "startdatum": "02-02-2027",
    "einddatum": "02-03-2027",
}


def read(**changes: str) -> Offer:
    offer: Offer = OfferSchema().load(ROW | changes)
    return offer


def changed(column: str, **changes: str) -> Offer:
    """The offer with another value in one column."""
    return read(**changes | {column: ANOTHER.get(column, ROW[column] + " meer")})


def faults(**changes: str) -> list[str]:
    with pytest.raises(ValidationError) as error:
        read(**changes)
    return sorted(error.value.messages_dict)


def test_a_row_becomes_an_offer() -> None:
    offer = read()
    assert (offer.kvk_number, offer.provider, offer.old_number) == ("90100011", "Academie De Brug", "ff6pdyhXP4")
    assert offer.old_hours == Hours(Decimal("12.5"), Decimal("3.5"))
    assert offer.source_key == "90100011:ff6pdyhXP4"
    assert offer.content == Content(
        title="Rust in de klas",
        type="cursus",
        subject="Pedagogiek",
        description="Starters leren rust te brengen.",
        goal="Rust",
        programme="- Regels",
        closing_test="Toets",
        prior_knowledge="Geen",
        contact_hours=Decimal("12.5"),
        self_study_hours=Decimal("3.5"),
        starts_on=date(2027, 2, 1),
        ends_on=date(2027, 3, 1),
    )


def test_what_may_be_open_stays_open() -> None:
    open_ones = ("startdatum", "einddatum", "contacturen", "zelfstudie_uren", "register_uren", "doel", "vakgebied")
    content = read(**dict.fromkeys(open_ones, "")).content
    assert (content.starts_on, content.ends_on, content.contact_hours, content.self_study_hours) == (None,) * 4
    assert (content.goal, content.subject) == ("", "")


@pytest.mark.parametrize("changes", [{"nummer_registerleraar": ""}, {"register_uren": ""}])
def test_an_offer_that_was_never_validated_has_no_old_hours(changes: dict[str, str]) -> None:
    assert read(**changes).old_hours is None


@pytest.mark.parametrize(("column", "value"), [(column, value) for column in WRONG for value in WRONG[column]])
def test_each_wrong_value_is_reported_at_its_column(column: str, value: str) -> None:
    assert faults(**{column: value}) == [column]


def test_several_faults_in_one_row_are_all_reported() -> None:
    wrong = {"kvk_nummer": "x", "type": "x", "titel": "", "startdatum": "x", "contacturen": "x", "vakgebied": "x" * 101}
    assert faults(**wrong) == sorted(wrong)
    together = {"kvk_nummer": "x", "einddatum": "31-01-2027", "register_uren": "99"}
    assert faults(**together) == sorted(together)


@pytest.mark.parametrize(("column", "value"), [("titel", ""), ("startdatum", "31-02-2027"), ("vakgebied", "x" * 101)])
def test_a_wrong_value_elsewhere_does_not_hide_a_wrong_sum(column: str, value: str) -> None:
    assert faults(**{column: value}, register_uren="99") == sorted([column, "register_uren"])


def test_a_column_that_is_missing_is_reported_in_dutch() -> None:
    with pytest.raises(ValidationError) as error:
        OfferSchema().load({name: value for name, value in ROW.items() if name != "aanbieder"})
    assert error.value.messages_dict == {"aanbieder": ["kolom ontbreekt"]}


@pytest.mark.parametrize("column", sorted(set(ROW) - {"kvk_nummer", "nummer_registerleraar"}))
def test_the_same_old_number_is_the_same_offer_whatever_else_changed(column: str) -> None:
    assert changed(column).source_key == read().source_key


@pytest.mark.parametrize("column", ["kvk_nummer", "nummer_registerleraar"])
def test_another_old_number_or_company_is_another_offer(column: str) -> None:
    assert changed(column).source_key != read().source_key


@pytest.mark.parametrize("column", ["kvk_nummer", "titel", "type", "startdatum", "omschrijving"])
def test_without_an_old_number_an_offer_is_told_apart_by_what_it_says(column: str) -> None:
    one, other = read(nummer_registerleraar=""), changed(column, nummer_registerleraar="")
    assert changed("doel", nummer_registerleraar="").source_key == one.source_key
    assert other.source_key != one.source_key
    assert one.source_key.startswith("90100011:-")


@pytest.mark.parametrize("column", ROW)
def test_the_digest_differs_when_any_column_differs(column: str) -> None:
    assert changed(column).digest != read().digest


def test_a_column_that_is_not_known_changes_nothing() -> None:
    assert read(opmerking="van vorig jaar") == read()
