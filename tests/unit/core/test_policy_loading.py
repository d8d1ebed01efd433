import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catalogue.content import Content
from core.policy import Length, Procedure, Stretch, TermRule, TermUnit
from core.policy.faults import WrongPolicy
from core.policy.loading import load_policies

POLICY = "lerarenregister-2026-01-01.toml"
HOLIDAYS = "school-holidays.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree("policies", tmp_path / "policies"))


def change(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(WrongPolicy) as error:
        load_policies(folder)
    return str(error.value).splitlines()


def test_the_shipped_policies_load(folder: Path) -> None:
    policies = load_policies(folder)
    policy = policies.on(date(2026, 11, 22))
    assert (policy.id, policy.valid_from) == ("lerarenregister-2026-01-01", date(2026, 1, 1))
    assert policy.hours.step == Decimal("0.5")
    assert policy.terms[Procedure.VALIDATION].school_holidays == ("noord", "midden", "zuid")
    assert {name: rule.extension for name, rule in policy.terms.items()} == {
        Procedure.ADMISSION: None,
        Procedure.VALIDATION: Length(14, TermUnit.DAYS),
        Procedure.OBJECTION: Length(42, TermUnit.DAYS),
    }
    assert [item.code for item in policy.sectors] == ["po", "vo", "mbo"]
    assert len(policy.requirements) == 6
    assert policies.named(policy.id) is policy


def test_the_shipped_calendar_knows_five_school_years(folder: Path) -> None:
    calendar = load_policies(folder).calendar
    assert len(calendar.school_holidays) == 5 * 5 * 3
    assert (calendar.known_from, calendar.known_until) == (date(2025, 10, 11), date(2030, 9, 1))
    assert ("zuid", Stretch(date(2027, 2, 13), date(2027, 2, 21), "voorjaarsvakantie")) in calendar.school_holidays


def test_a_later_policy_holds_from_its_own_day(folder: Path) -> None:
    later = folder / "lerarenregister-2027-08-01.toml"
    shutil.copy(folder / POLICY, later)
    change(later, ("2026-01-01", "2027-08-01"), ("valid_from = 2026-01-01", "valid_from = 2027-08-01"))
    policies = load_policies(folder)
    days = [date(2020, 1, 1), date(2027, 7, 31), date(2027, 8, 1)]
    assert [policies.on(day).valid_from.year for day in days] == [2026, 2026, 2027]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("[unit]", 'colour = "red"\n[unit]', "colour"),
        ("days = 42", "days = 42\nday = 1", "terms.validation.day"),
        ('name = "Lerarenregister"\n', "", "name"),
        ("assessors = 1\n", "", "decision.assessors"),
        ("[objection]\nfiling_days = 42", "", "objection"),
        ("assessors = 1", 'assessors = "1"', "decision.assessors"),
        ("days = 42", "days = 42.5", "terms.validation.days"),
        ("days = 42", "days = 0", "terms.validation.days"),
        ("days = 42", "days = true", "terms.validation.days"),
        ("days = 42", "weeks = 53", "terms.validation.weeks"),
        ("days = 42", "months = 0", "terms.validation.months"),
        ("days = 42", "working_days = 261", "terms.validation.working_days"),
        ("days = 42", "hours = 42", "terms.validation.hours"),
        ("days = 42\n", "", "terms.validation"),
        ("days = 42", "days = 42\nweeks = 6", "terms.validation"),
        ("days = 14", "", "terms.validation.extension"),
        ("days = 14", "days = 14\nmonths = 1", "terms.validation.extension"),
        ("days = 14", "days = 0", "terms.validation.extension.days"),
        ("days = 14", 'days = 14\nschool_holidays = ["noord"]', "terms.validation.extension.school_holidays"),
        ("[terms.admission]\ndays = 14\nschool_holidays = []", "", "terms.admission"),
        ("[terms.admission]", "[terms.Renewal]\n[terms.admission]", "terms.Renewal"),
        ("[terms.admission]", "[terms.renewal-2]\n[terms.admission]", "terms.renewal-2"),
        ("[terms.admission]", "[terms]\nrenewal = 3\n[terms.admission]", "terms.renewal"),
        ("filing_days = 42", "filing_days = 400", "objection.filing_days"),
        ('step = "0.5"', 'step = "0.3"', "hours.step"),
        ('most_per_part = "2000"', 'most_per_part = "veel"', "hours.most_per_part"),
        ('closing_test_above_share = "0.5"', 'closing_test_above_share = "50"', "hours.closing_test_above_share"),
        ('provider_level = "loa2plus"', 'provider_level = "loa5"', "sign_in.provider_level"),
        ("valid_from = 2026-01-01", 'valid_from = "2026-01-01"', "valid_from"),
        ('"noord", "midden"', '"noord", "oost"', "terms.validation.school_holidays.1"),
        ('code = "vo"', 'code = "VO"', "sectors.1.code"),
        ('text = "Wij hebben een klachtenregeling."', "", "requirements.items.5.text"),
    ],
)
def test_each_fault_is_named_with_file_and_place(folder: Path, old: str, new: str, place: str) -> None:
    change(folder / POLICY, (old, new))
    (fault,) = faults(folder)
    assert fault.startswith(f"{POLICY}: {place}: ")


@pytest.mark.parametrize("unit", TermUnit)
def test_a_term_and_its_extension_are_stated_in_any_unit(folder: Path, unit: TermUnit) -> None:
    change(folder / POLICY, ("days = 42", f"{unit} = 8"), ("days = 14", f"{unit} = 2"))
    rule = load_policies(folder).all[0].terms["validation"]
    assert (rule.length, rule.extension) == (Length(8, unit), Length(2, unit))


def test_a_register_may_have_other_procedures(folder: Path) -> None:
    check = '[terms.completeness-check]\nworking_days = 10\nschool_holidays = ["zuid"]\n'
    change(folder / POLICY, ("[terms.admission]", f"{check}\n[terms.admission]"))
    terms = load_policies(folder).all[0].terms
    assert set(terms) == {*Procedure, "completeness-check"}
    assert terms["completeness-check"] == TermRule(Length(10, TermUnit.WORKING_DAYS), ("zuid",))


def test_all_units_are_named_when_none_is_stated(folder: Path) -> None:
    change(folder / POLICY, ("days = 42\n", ""))
    assert faults(folder) == [
        f"{POLICY}: terms.validation: state exactly one of days, working_days, weeks, months",
    ]


def test_terms_that_are_no_table_are_refused(folder: Path) -> None:
    file = folder / POLICY
    text = file.read_text("utf-8")
    begin, end = text.index("[terms.validation]"), text.index("# How long a provider has to answer")
    file.write_text(text[:begin].replace("[unit]", "terms = 3\n[unit]") + text[end:], "utf-8")
    (fault,) = faults(folder)
    assert fault.startswith(f"{POLICY}: terms: ")


def test_several_faults_are_named_at_once(folder: Path) -> None:
    change(folder / POLICY, ("[unit]", "colour = 1\n[unit]"), ("days = 42", "days = -1"), ('name = "Cursus"\n', ""))
    places = {fault.split(": ")[1] for fault in faults(folder)}
    assert places == {"colour", "terms.validation.days", "types.1.name"}


def test_a_mistake_in_the_syntax_is_named_with_file_and_line(folder: Path) -> None:
    change(folder / POLICY, ('register = "lerarenregister"', "register = lerarenregister"))
    (fault,) = faults(folder)
    assert fault.startswith(f"{POLICY}: ")
    assert "line 5" in fault


def test_a_file_in_another_encoding_is_refused_by_name(folder: Path) -> None:
    text = (folder / POLICY).read_text("utf-8")
    (folder / POLICY).write_text(text, "cp1252")
    (fault,) = faults(folder)
    assert fault.startswith(f"{POLICY}: ")


@pytest.mark.parametrize("name", ["lerarenregister-2026-01-02.toml", "schoolleidersregister-2026-01-01.toml", "x.toml"])
def test_a_file_is_named_after_its_register_and_first_day(folder: Path, name: str) -> None:
    (folder / POLICY).rename(folder / name)
    (fault,) = faults(folder)
    assert fault.startswith(f"{name}: id: ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "lerarenregister-2026-01-01"', 'id = "lerarenregister-2026"'),
        ("valid_from = 2026-01-01", "valid_from = 2026-01-02"),
        ('register = "lerarenregister"', 'register = "schoolleidersregister"'),
    ],
)
def test_the_id_is_the_register_and_the_first_day(folder: Path, old: str, new: str) -> None:
    change(folder / POLICY, (old, new))
    (fault,) = faults(folder)
    assert fault.startswith(f"{POLICY}: id: ")


def test_a_folder_without_a_policy_is_refused(tmp_path: Path) -> None:
    assert str(tmp_path) in faults(tmp_path)[0]


def test_the_fields_under_the_decision_are_fields_of_an_activity() -> None:
    for policy in load_policies(Path("policies")).all:
        assert policy.decided_fields <= set(Content.__dataclass_fields__)
