from datetime import date
from decimal import Decimal

import pytest
from marshmallow import ValidationError

from catalogue.content import Content
from catalogue.importing.columns import COLUMNS
from catalogue.importing.rows import Offer, OfferSchema, OwnOfferSchema
from core.policy import Hours
from core.policy.model import Item
from tests.world import POLICY

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
NEW = {
    "eigen_sleutel": "KM-1",
    "sectoren": "vo, po",
    "planning": "Vier <b>middagen</b>",
    "verantwoording_zelfstudie": "Lezen",
    "plaats": "Utrecht",
    "website": "www.voorbeeld.nl/rust",
}
WRONG = {
    "type": ["Workshop", ""],
    "kvk_nummer": ["9010001", "901000111", "٩٠١٠٠٠١١"],
    "titel": ["<p> </p>", "x" * 301],
    "aanbieder": ["", "x" * 201],
    "omschrijving": ["x" * 20_001],
    "nummer_registerleraar": ["ff6 pdy", "x" * 21, "ff6\npdy"],
    "startdatum": ["31-02-2027", "01-02-27"],
    "einddatum": ["31-01-2027"],
    "contacturen": ["veel", "-12,5", "12,555"],
    "register_uren": ["15,5", "nan"],
    "eigen_sleutel": ["x" * 61],
    "sectoren": ["hbo", "po, hbo", "Primair"],
    "plaats": ["x" * 101],
    "website": ["voorbeeld", "https://www.voorbeeld.nl/" + "x" * 300],
}
OWN_KVK = "90100011"
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
    offer: Offer = OfferSchema(POLICY).load(ROW | changes)
    return offer


def own(**row: str) -> Offer:
    offer: Offer = OwnOfferSchema(POLICY, own_kvk=OWN_KVK).load({"titel": "Rust in de klas"} | row)
    return offer


def own_reasons(**row: str) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        own(**row)
    found: dict[str, list[str]] = error.value.messages_dict
    return found


def changed(column: str, **changes: str) -> Offer:
    """The offer with another value in one column."""
    return read(**changes | {column: ANOTHER.get(column, ROW[column] + " meer")})


def faults(**changes: str) -> list[str]:
    with pytest.raises(ValidationError) as error:
        read(**changes)
    assert all(reason.endswith(".") for reasons in error.value.messages_dict.values() for reason in reasons)
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


def test_the_newer_columns_are_read_too() -> None:
    offer = read(**NEW)
    assert (offer.own_key, offer.source_key) == ("KM-1", read().source_key)
    content = offer.content
    assert (content.sectors, content.planning) == (("po", "vo"), "Vier middagen")
    assert (content.self_study_account, content.place) == ("Lezen", "Utrecht")
    assert content.website == "https://www.voorbeeld.nl/rust"


def test_every_column_of_the_templates_is_read() -> None:
    assert set(OfferSchema().fields) == {column.name for column in COLUMNS}
    assert set(OwnOfferSchema(POLICY, own_kvk=OWN_KVK).fields) == {
        column.name for column in COLUMNS if column.is_own
    } | {
        "kvk_nummer",
        "aanbieder",
    }


@pytest.mark.parametrize(
    "typed", ["po|vo", "PO;VO", "po\nvo", "Primair onderwijs,voortgezet Onderwijs", "vo, , po, vo"]
)
def test_sectors_are_codes_or_names_of_the_policy(typed: str) -> None:
    assert read(sectoren=typed).content.sectors == ("po", "vo")


@pytest.mark.parametrize("item", POLICY.types)
def test_a_type_is_a_code_or_a_name_of_the_policy(item: Item) -> None:
    for typed in (item.code, item.name, item.name.upper(), f" {item.name}\n"):
        assert read(type=typed).content.type == item.code
        assert own(type=typed).content.type == item.code


def test_without_a_policy_the_types_of_the_former_register_are_known_and_no_sectors() -> None:
    assert OfferSchema().load(ROW).content.type == "cursus"
    with pytest.raises(ValidationError):
        OfferSchema().load(ROW | {"sectoren": "po"})


def test_a_fingerprint_stays_the_same_over_versions_of_this_code() -> None:
    assert read().sent == "654a7b75b2c6cddf9a9e7c9541a5f95351971927ebeade4724200cc959e14e5e"
    assert read().digest == "654a7b75b2c6cddf9a9e7c9541a5f95313945c29c0858d48c8afa7b6aceb0c88"
    assert read(nummer_registerleraar="").older_key == "90100011:-793424ab8d298ca37daefa496b0b3f7c9ecaa7bc"
    assert read(nummer_registerleraar="").source_key == "90100011:-fd2bfee45abb6113505cf6c04bf6f2c658994653"


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
    assert error.value.messages_dict == {"aanbieder": ["Deze kolom ontbreekt. Voeg die toe."]}


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


@pytest.mark.parametrize("column", NEW)
def test_the_digest_differs_when_a_newer_column_is_filled(column: str) -> None:
    assert read(**{column: NEW[column]}).digest != read().digest
    assert read(**{column: ""}).digest == read().digest


def test_a_column_that_is_not_known_changes_nothing() -> None:
    assert read(opmerking="van vorig jaar") == read()


def test_of_an_own_offer_only_the_title_is_needed() -> None:
    offer = own()
    assert offer.content == Content(title="Rust in de klas")
    assert (offer.kvk_number, offer.provider, offer.old_hours) == (OWN_KVK, "", None)
    assert own_reasons(titel=" ") == {"titel": ["Vul deze kolom in."]}
    with pytest.raises(ValidationError):
        OwnOfferSchema(POLICY, own_kvk=OWN_KVK).load({"doel": "Rust"})


@pytest.mark.parametrize("column", sorted((set(WRONG) | set(NEW)) - {"kvk_nummer", "titel", "aanbieder"}))
def test_what_an_own_offer_leaves_empty_stays_open(column: str) -> None:
    assert own(**{column: ""}).content == own(**{column: "  "}).content == own().content


def test_an_own_offer_may_name_its_company_but_no_other() -> None:
    assert own(kvk_nummer=f" {OWN_KVK} ", aanbieder="Academie De Brug").kvk_number == OWN_KVK
    assert own_reasons(kvk_nummer="90000102") == {
        "kvk_nummer": ["Dit is niet uw KvK-nummer. Vul 90100011 in of laat deze kolom leeg."]
    }


@pytest.mark.parametrize("hours", ["16", "1000", "veel", ""])
def test_a_provider_grants_itself_no_register_hours(hours: str) -> None:
    offer = own(contacturen="12", zelfstudie_uren="4", nummer_registerleraar="ff6pdyhXP4", register_uren=hours)
    assert (offer.old_total, offer.old_hours) == (None, None)
    assert offer.content.hours == Hours(Decimal(12), Decimal(4))


def test_an_own_offer_is_known_by_its_key_or_else_its_old_number_or_what_it_says() -> None:
    both = {"eigen_sleutel": " KM-1 ", "nummer_registerleraar": "ff6pdyhXP4"}
    assert own(**both).source_key == "90100011:=KM-1"
    assert own(**both | {"eigen_sleutel": ""}).source_key == read().source_key == "90100011:ff6pdyhXP4"
    assert own().source_key.startswith("90100011:-")
    assert len(own(eigen_sleutel="x" * 60).source_key) <= 120


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("sectoren", "po, hbo", "Onbekende sector: hbo. Kies uit: po, vo, mbo."),
        ("contacturen", "veel", "Vul het aantal uren in als getal, bijvoorbeeld 12 of 12,5."),
        ("startdatum", "1 mei", "Vul een datum in als dag-maand-jaar, bijvoorbeeld 01-02-2027."),
        ("titel", "x" * 301, "Maak deze tekst korter: hoogstens 300 tekens."),
    ],
)
def test_a_reason_says_how_to_fix_it(column: str, value: str, reason: str) -> None:
    assert own_reasons(**{column: value}) == {column: [reason]}


def test_a_type_that_is_not_known_is_answered_with_those_that_are() -> None:
    (reason,) = own_reasons(type="Workshop")["type"]
    assert all(item.name in reason for item in POLICY.types)


@pytest.mark.parametrize("hours", ["1.234,5", "1,234.5", "1234,5", "1234.5", "1234,50 uur"])
@pytest.mark.parametrize("day", ["01-02-2027", "1/2/2027", "2027-02-01", "1.2.2027"])
def test_numbers_and_dates_are_read_in_every_usual_notation(hours: str, day: str) -> None:
    content = own(contacturen=hours, startdatum=day).content
    assert (content.contact_hours, content.starts_on) == (Decimal("1234.5"), date(2027, 2, 1))
