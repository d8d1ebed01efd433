"""What a provider reads about the term of a case."""

from datetime import date

from validation.term_change import Cause
from validation.term_letters import About, asked_again, closed, extended, gone_on, moved
from validation.terms import Part, Term

ACTIVITY = About("Rekenen", "/aanbieder/activiteiten/7")
REGISTRATION = About("", "/aanbieder/aanmelding")
RECEIVED = date(2026, 11, 22)
BEFORE = Term(RECEIVED, (Part(42),), date(2027, 1, 4), provisional=False)
AFTER = Term(RECEIVED, (Part(42), Part(14, "verdaging")), date(2027, 1, 18), provisional=False)
SUM = "ontvangen 22 november 2026; 42 dagen + 14 verdaging = 18 januari 2027"
HEARS = f"U krijgt uiterlijk 18 januari 2027 bericht ({SUM})."


def test_an_extension_gives_reason_new_date_and_sum() -> None:
    notice = extended(ACTIVITY, BEFORE, AFTER, "Ziekte.\n\nDrukte.")
    assert notice.subject == "Later bericht over ‘Rekenen’"
    assert notice.paragraphs[1:3] == ("Ziekte.", "Drukte.")
    assert "(was 4 januari 2027), want de commissie heeft de termijn één keer verlengd" in notice.paragraphs[3]
    assert notice.paragraphs[4] == HEARS
    assert notice.link == ACTIVITY.path


def test_an_extension_of_the_same_day_says_only_the_sum() -> None:
    assert len(extended(ACTIVITY, AFTER, AFTER, "Ziekte.").paragraphs) == 3


def test_a_changed_table_of_holidays_is_the_cause() -> None:
    notice = moved(REGISTRATION, BEFORE, AFTER, Cause.HOLIDAYS_CHANGED)
    assert notice.subject == "Andere uiterste datum voor uw aanmelding"
    assert "want de vakantietabel is gewijzigd." in notice.paragraphs[0]


def test_a_reminder_says_what_happens_without_an_answer() -> None:
    goes_on, closes = (
        asked_again(ACTIVITY, "Wie?\nWaar?", date(2026, 12, 7), "/vraag", is_closed_without=is_closed)
        for is_closed in (False, True)
    )
    assert goes_on.paragraphs[1:3] == ("Wie?", "Waar?")
    assert str(goes_on.paragraphs[3]).endswith("dan gaat de commissie verder met wat er is.")
    assert str(closes.paragraphs[3]).endswith("dan behandelt de commissie ‘Rekenen’ niet verder.")


def test_without_an_answer_it_is_said_what_comes_next() -> None:
    assert gone_on(ACTIVITY, date(2026, 12, 7), AFTER).paragraphs[-1] == HEARS
    notice = closed(REGISTRATION, date(2026, 12, 7), "U kunt opnieuw bevestigen.")
    assert notice.paragraphs == (
        "U kon de vraag van de commissie beantwoorden tot en met 7 december 2026. Er kwam geen antwoord.",
        "De commissie behandelt uw aanmelding daarom niet verder.",
        "U kunt opnieuw bevestigen.",
    )
