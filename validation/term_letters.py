"""What the register tells a provider about the term of a case, in Dutch. No database, no clock."""

from dataclasses import dataclass
from datetime import date

from core.formatting import dutch_date
from providers.letters import Notice, lines_of, short_title
from validation.term_change import Cause, change_for_provider
from validation.term_text import in_words
from validation.terms import Term

LOOK = "Bekijk waar het om gaat"
GOES_ON = "gaat de commissie verder met wat er is"


@dataclass(frozen=True)
class About:
    """What a case is about, for its provider: a title, or '' for the registration; and where that stands."""

    title: str
    path: str

    @property
    def short(self) -> str:
        """As a subject names it."""
        return f"‘{short_title(self.title)}’" if self.title else "uw aanmelding"

    @property
    def whole(self) -> str:
        """As a sentence names it."""
        return f"‘{self.title}’" if self.title else "uw aanmelding"


def extended(about: About, before: Term, after: Term, why: str) -> Notice:
    """The committee takes longer, once."""
    return Notice(
        f"Later bericht over {about.short}",
        (
            f"De commissie heeft meer tijd nodig voor het besluit over {about.whole}. Dit is waarom:",
            *lines_of(why),
            *changed(before, after, Cause.EXTENDED),
        ),
        LOOK,
        about.path,
    )


def changed(before: Term, after: Term, cause: Cause) -> tuple[str, ...]:
    """By when the provider hears, why that is another day than before, and how it comes about."""
    sentence = change_for_provider(before, after, cause)
    return (*([sentence] if sentence else []), hears_by(after))


def hears_by(term: Term) -> str:
    """The promise with its sum."""
    return f"U krijgt uiterlijk {dutch_date(term.due_on)} bericht ({in_words(term)})."


def moved(about: About, before: Term, after: Term, cause: Cause) -> Notice:
    """Another due date, because of something that nobody of the committee did."""
    return Notice(f"Andere uiterste datum voor {about.short}", changed(before, after, cause), LOOK, about.path)


def asked_again(about: About, question: str, answer_by: date, place: str, *, is_closed_without: bool) -> Notice:
    """The committee still waits for an answer, and what happens without one."""
    without = f"behandelt de commissie {about.whole} niet verder" if is_closed_without else GOES_ON
    return Notice(
        f"Herinnering: de commissie heeft een vraag over {about.short}",
        (
            "De commissie wacht op uw antwoord op deze vraag:",
            *lines_of(question),
            f"Antwoord uiterlijk {dutch_date(answer_by)}. Krijgen wij dan geen antwoord, dan {without}.",
        ),
        "Vraag beantwoorden",
        place,
    )


def gone_on(about: About, answer_by: date, term: Term) -> Notice:
    """No answer came, so the committee decides on what it has."""
    return Notice(
        f"U hebt de vraag over {about.short} niet op tijd beantwoord",
        (_unanswered(answer_by), "De commissie gaat verder met wat er is.", hears_by(term)),
        LOOK,
        about.path,
    )


def closed(about: About, answer_by: date, what_next: str) -> Notice:
    """No answer came, so nothing is decided."""
    return Notice(
        f"Niet verder behandeld: {about.short}",
        (
            _unanswered(answer_by),
            f"De commissie behandelt {about.whole} daarom niet verder.",
            *filter(None, [what_next]),
        ),
        LOOK,
        about.path,
    )


def _unanswered(answer_by: date) -> str:
    return f"U kon de vraag van de commissie beantwoorden tot en met {dutch_date(answer_by)}. Er kwam geen antwoord."
