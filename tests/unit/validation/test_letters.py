from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.mail.letter import Point
from core.policy import Hours
from tests.world import POLICY
from validation.letters import Decided, approved, turned_down
from validation.states import Outcome

HOURS = Hours(Decimal(12), Decimal("4.5"))
ABOUT = Decided(
    title="Rekenen",
    path="/aanbieder/activiteiten/7",
    is_change=False,
    note="",
    object_until=date(2027, 1, 10),
)
REASON = Point("Beschrijf het doel.", "/aanbieder/activiteiten/7/bewerken/over#goal")


def test_an_approval_names_number_hours_as_a_sum_and_the_last_day_to_object() -> None:
    notice = approved(ABOUT, "7K3F9Q2N", HOURS, HOURS, POLICY)
    assert notice.subject == "Gevalideerd: Rekenen (7K3F-9Q2N)"
    assert notice.paragraphs[:4] == (
        "De commissie heeft ‘Rekenen’ gevalideerd.",
        "Het activiteitnummer is 7K3F-9Q2N.",
        "De activiteit telt voor 12 contacturen + 4,5 zelfstudie-uren = 16,5 RU (register-uren).",
        "Publiceer de activiteit. Dan kunnen leraren die vinden.",
    )
    assert "tot en met 10 januari 2027 bezwaar maken" in str(notice.paragraphs)
    assert notice.link == ABOUT.path


def test_who_gets_less_than_declared_reads_both() -> None:
    notice = approved(ABOUT, "7K3F9Q2N", HOURS, Hours(Decimal(16), Decimal("4.5")), POLICY)
    assert "U gaf 16 contacturen + 4,5 zelfstudie-uren = 20,5 uur op." in notice.paragraphs
    assert "U gaf" not in str(approved(ABOUT, "7K3F9Q2N", HOURS, HOURS, POLICY).paragraphs)


def test_what_the_committee_wrote_stands_in_every_letter() -> None:
    about = replace(ABOUT, note="Let op de toets.\n\nEn op de planning.")
    for notice in (approved(about, "7K3F9Q2N", HOURS, HOURS, POLICY), turned_down(about, Outcome.REJECTED, [REASON])):
        at = notice.paragraphs.index("De commissie schrijft daarbij:")
        assert notice.paragraphs[at + 1 : at + 3] == ("Let op de toets.", "En op de planning.")


def test_an_approved_change_keeps_its_number_and_needs_no_publishing() -> None:
    notice = approved(replace(ABOUT, is_change=True), "7K3F9Q2N", HOURS, HOURS, POLICY)
    assert notice.subject == "Wijziging goedgekeurd: Rekenen (7K3F-9Q2N)"
    assert "Het activiteitnummer blijft 7K3F-9Q2N." in notice.paragraphs
    assert "De nieuwe versie geldt vanaf nu." in notice.paragraphs
    assert "Publiceer" not in str(notice.paragraphs)


def test_a_rejection_leads_to_the_field_of_each_reason() -> None:
    notice = turned_down(ABOUT, Outcome.TEMPORARILY_REJECTED, [REASON])
    assert notice.subject == "Tijdelijk afgewezen: Rekenen"
    assert notice.paragraphs[:3] == (
        "De commissie heeft ‘Rekenen’ tijdelijk afgewezen. Dit is waarom:",
        REASON,
        "Verbeter de activiteit en dien die opnieuw in.",
    )


def test_without_reasons_of_the_list_the_committee_speaks_for_itself() -> None:
    notice = turned_down(replace(ABOUT, note="Te weinig diepgang."), Outcome.REJECTED, [])
    assert notice.paragraphs[1:3] == ("Te weinig diepgang.", "Deze versie kan niet gevalideerd worden.")


def test_a_rejected_change_leaves_what_was_valid() -> None:
    about = replace(ABOUT, is_change=True)
    for outcome in (Outcome.REJECTED, Outcome.TEMPORARILY_REJECTED):
        notice = turned_down(about, outcome, [REASON])
        assert notice.subject.startswith("Wijziging ")
        assert "Wat gevalideerd was, blijft gelden, met nummer en uren." in notice.paragraphs
        assert "Deze versie kan niet gevalideerd worden." not in notice.paragraphs


def test_no_subject_is_longer_than_a_list_of_messages_holds() -> None:
    about = replace(ABOUT, title="Heel lang " * 30, is_change=True)
    assert len(approved(about, "7K3F9Q2N", HOURS, HOURS, POLICY).subject) <= 200
