"""What the register tells a provider about a decision on an activity, in Dutch. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalogue.numbers import shown
from core.formatting import dutch_date, dutch_number
from core.mail.letter import Point
from core.policy import Hours, Policy
from providers.letters import Notice, lines_of, objection, short_title
from validation.states import Outcome

TO_THE_ACTIVITY = "Naar de activiteit"
NEW_NUMBER = "····-····"  # in a preview: a number is drawn only at approval


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What was decided on: its title, its page, whether it is a change of what is valid, and how the provider goes on.

    `note` is what the committee wrote of its own; `was_valid` whether a decision that this one replaces granted it.
    """

    title: str
    path: str
    is_change: bool
    note: str
    object_until: date
    improve_by: date | None = None
    was_valid: bool = False

    @property
    def what(self) -> str:
        """What it is called in a sentence."""
        return "wijziging" if self.is_change else "activiteit"


def approved(about: Decided, number: str, hours: Hours, declared: Hours, policy: Policy) -> Notice:
    """It counts from now on: under which number, and for how many hours of those that were declared."""
    if about.was_valid:
        what, kept = "Gevalideerd", "blijft"
        first = f"De commissie heeft opnieuw besloten over ‘{about.title}’. De validatie blijft staan."
        next_ = "Leraren zien de nieuwe gegevens meteen."
    elif about.is_change:
        what, kept = "Wijziging goedgekeurd", "blijft"
        first = f"De commissie heeft uw wijziging van ‘{about.title}’ goedgekeurd."
        next_ = "De nieuwe versie geldt vanaf nu."
    else:
        what, kept = "Gevalideerd", "is"
        first = f"De commissie heeft ‘{about.title}’ gevalideerd."
        next_ = "Publiceer de activiteit. Dan kunnen leraren die vinden."
    return Notice(
        f"{what}: {short_title(about.title)} ({shown(number) or NEW_NUMBER})",
        (
            first,
            f"Het activiteitnummer {kept} {shown(number) or NEW_NUMBER}.",
            f"De activiteit telt voor {_sum(hours)} {policy.unit} ({policy.unit_name}).",
            *([] if hours == declared else [f"U gaf {_sum(declared)} uur op."]),
            *_noted(about.note),
            next_,
            *objection(about.object_until, "op de pagina van de activiteit"),
        ),
        TO_THE_ACTIVITY,
        about.path,
    )


def turned_down(about: Decided, outcome: Outcome, reasons: Sequence[Point]) -> Notice:
    """It does not count, or not yet; each reason leads to the field where it can be put right."""
    word = "tijdelijk afgewezen" if outcome is Outcome.TEMPORARILY_REJECTED else "afgewezen"
    whole = f"uw wijziging van ‘{about.title}’" if about.is_change else f"‘{about.title}’"
    why: tuple[str | Point, ...] = (*reasons, *_noted(about.note)) if reasons else lines_of(about.note)
    return Notice(
        f"{f'Wijziging {word}' if about.is_change else word.capitalize()}: {short_title(about.title)}",
        (
            f"De commissie heeft {whole} {word}. Dit is waarom:",
            *why,
            *_what_next(about, outcome),
            *objection(about.object_until, "op de pagina van de activiteit"),
        ),
        TO_THE_ACTIVITY,
        about.path,
    )


def replaced(notice: Notice, before: date, why: str) -> Notice:
    """The same letter, about a decision that takes the place of an earlier one."""
    first = f"Dit besluit komt in de plaats van het besluit van {dutch_date(before)}. Dit is de reden:"
    return replace(
        notice, subject=f"Nieuw besluit: {notice.subject}", paragraphs=(first, *lines_of(why), *notice.paragraphs)
    )


def _sum(hours: Hours) -> str:
    contact, self_study, total = (dutch_number(part) for part in (hours.contact, hours.self_study, hours.total))
    return f"{contact} contacturen + {self_study} zelfstudie-uren = {total}"


def _noted(note: str) -> tuple[str, ...]:
    return ("De commissie schrijft daarbij:", *lines_of(note)) if note else ()


def _what_next(about: Decided, outcome: Outcome) -> tuple[str, ...]:
    kept = _what_still_counts(about)
    if outcome is Outcome.TEMPORARILY_REJECTED:
        until = f" U kunt dat doen tot en met {dutch_date(about.improve_by)}." if about.improve_by else ""
        return (*kept, f"Verbeter de {about.what} en dien die opnieuw in.{until}")
    return kept or ("Deze versie kan niet gevalideerd worden.",)


def _what_still_counts(about: Decided) -> tuple[str, ...]:
    if about.was_valid and about.is_change:
        return ("Wat vóór de wijziging gevalideerd was, geldt weer, met nummer en uren.",)
    if about.was_valid:
        return ("De validatie is ingetrokken. De activiteit telt niet meer, en leraren vinden die niet meer.",)
    return ("Wat gevalideerd was, blijft gelden, met nummer en uren.",) if about.is_change else ()
