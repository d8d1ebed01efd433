"""What the register tells a provider, in Dutch: a subject, sentences, and where to go. No database, no clock."""

from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from core.formatting import dutch_date
from core.mail.letter import Point


@dataclass(frozen=True)
class Notice:
    """One message, the same on the site and in the mail; `link`, and that of a point, is a path of this site."""

    subject: str
    paragraphs: tuple[str | Point, ...]
    link_text: str = ""
    link: str = ""


LONGEST_TITLE = 80  # in a subject
ACTIVITIES = ("Naar uw activiteiten", "/aanbieder/activiteiten")
REGISTRATION = ("Naar uw aanmelding", "/aanbieder/aanmelding")


def registration_received(name: str, due_on: date, term: str) -> Notice:
    """A new provider confirmed, and waits for the committee."""
    return Notice(
        "Wij hebben uw aanmelding ontvangen",
        (
            f"{name} is aangemeld als aanbieder.",
            f"U krijgt uiterlijk {dutch_date(due_on)} bericht of uw organisatie is toegelaten ({term}).",
            "U kunt nu al concepten van activiteiten maken. Indienen kan zodra uw organisatie is toegelaten.",
        ),
        *ACTIVITIES,
    )


def admitted(name: str, note: str = "") -> Notice:
    """The provider may submit from now on; the committee may have added a note."""
    told = (f"{name} is toegelaten als aanbieder.", "U kunt nu activiteiten indienen bij de commissie.")
    noted = ("De commissie schrijft daarbij:", *lines_of(note)) if note else ()
    return Notice("Uw organisatie is toegelaten", (*told, *noted), *ACTIVITIES)


def rejected(name: str, reasons: str, object_until: date) -> Notice:
    """The provider was not admitted; it may improve and register again, or object."""
    return Notice(
        "Uw organisatie is niet toegelaten",
        (
            f"De commissie heeft {name} niet toegelaten als aanbieder, om deze redenen:",
            *lines_of(reasons),
            "U kunt uw gegevens verbeteren en u opnieuw aanmelden.",
            *objection(object_until, "op de pagina van uw aanmelding"),
        ),
        *REGISTRATION,
    )


def asked(name: str, question: str, answer_by: date, link: str) -> Notice:
    """The committee needs an answer before it decides on the admission."""
    return _asked("uw aanmelding", f"de toelating van {name}", question, answer_by, link)


def asked_about(title: str, question: str, answer_by: date, link: str) -> Notice:
    """The committee needs an answer before it decides on an activity."""
    return _asked(f"‘{short_title(title)}’", f"‘{title}’", question, answer_by, link)


def short_title(title: str) -> str:
    """As much of a title as a subject bears."""
    return shorten(title, LONGEST_TITLE, placeholder=" …")


def _asked(about: str, decision_on: str, question: str, answer_by: date, link: str) -> Notice:
    return Notice(
        f"De commissie heeft een vraag over {about}",
        (
            f"Voor het besluit over {decision_on} heeft de commissie een antwoord van u nodig:",
            *lines_of(question),
            f"Antwoord uiterlijk {dutch_date(answer_by)}. De termijn van het besluit staat stil tot u antwoordt.",
        ),
        "Vraag beantwoorden",
        link,
    )


def suspended(name: str, reason: str, object_until: date) -> Notice:
    """Nothing new can be submitted."""
    return Notice(
        "Uw organisatie is geschorst",
        (
            f"Het register heeft {name} geschorst als aanbieder, om deze reden:",
            *lines_of(reason),
            "U kunt nu niets indienen of publiceren.",
            "Wat gepubliceerd is, blijft vindbaar. Daarbij staat dat uw organisatie is geschorst.",
            *objection(object_until),
        ),
    )


def reinstated(name: str, reason: str) -> Notice:
    """The suspension ended."""
    return Notice(
        "De schorsing is voorbij",
        (f"De schorsing van {name} is opgeheven.", *lines_of(reason), "U kunt weer activiteiten indienen."),
        *ACTIVITIES,
    )


def number_changed(name: str, old: str, new: str) -> Notice:
    """The bureau linked a new KvK number."""
    return Notice(
        "Uw KvK-nummer is gewijzigd",
        (f"{name} staat nu in het register onder KvK-nummer {new}. Eerder was dat {old}.",),
    )


def objection(until: date, where: str = "") -> tuple[str, ...]:
    """Who may object to a decision, until when and where on this site; '' for what is objected to by mail."""
    by_mail = "Stuur uw bezwaar per e-mail aan het register. U kunt daarvoor de e-mail met dit bericht beantwoorden."
    return (
        f"Bent u het niet eens met dit besluit? U kunt tot en met {dutch_date(until)} bezwaar maken.",
        f"Dat doet u {where}." if where else by_mail,
    )


def lines_of(text: str) -> tuple[str, ...]:
    """What somebody wrote, as paragraphs."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
