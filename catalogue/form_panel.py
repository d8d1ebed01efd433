"""What stands beside the form: what is missing, what is odd, the sum of the hours, and where a change would go."""

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import url_for
from marshmallow import ValidationError

from catalogue.changes import Changes, Facts
from catalogue.content import HOUR_NAMES, Content
from catalogue.drafts import changes_of, working_version
from catalogue.gaps import Gap
from catalogue.hints import Hint
from catalogue.labels import NAMES
from catalogue.models import Activity
from catalogue.precheck import precheck
from catalogue.remarks import remarks_about
from catalogue.states import State
from catalogue.steps import LABELS, STEPS, Step, field_address, step_of
from catalogue.takeover import judge
from catalogue.taking_over import takeable_original
from core import clock
from core.access import signed_in
from core.form_errors import first_errors
from core.formatting import count_of, dutch_number, joined
from core.policy import Policy
from core.policy.loading import current_policies
from providers.queries import provider_of

Errors = dict[str, str]
AFTER_HOURS = {"self_study_account", "closing_test"}  # whether these are needed, only hours that can be read tell


@dataclass(frozen=True)
class Point:
    """A sentence and where on the site it can be mended."""

    text: str
    link: str


@dataclass(frozen=True)
class Panel:
    """The panel as the page and its script show it."""

    points: list[Point]
    hints: list[Point]
    sum: str  # where the hours are asked
    needs_account: bool
    needs_closing_test: bool
    change: str  # of what is live: whether this goes live at once or to the committee; '' otherwise
    steps: dict[str, str]  # per step, how many points it has; '' when it has none

    @property
    def count(self) -> str:
        """As in: 3 punten."""
        return count_of(len(self.points), "punt", "punten")

    @property
    def told(self) -> str:
        """What is read aloud when it changes."""
        stand = f"Nog {self.count}." if self.points else "Alles is ingevuld."
        return " ".join(filter(None, [stand, self.sum, self.change]))

    def as_json(self) -> dict[str, Any]:
        """For the script that keeps the panel true while somebody types."""
        return asdict(self) | {"count": self.count, "told": self.told}


def panel_of(activity: Activity | None, step: Step, facts: Facts, errors: Errors) -> Panel:
    """The panel beside a step in which these facts were typed, `errors` where nothing could be read."""
    policy = current_policies().on(clock.today())
    stored = working_version(activity).content if activity else Content()
    content = replace(stored, **facts)
    id_, provider_id = (activity.id, activity.provider_id) if activity else (None, provider_of(signed_in()).id)
    found = precheck(id_, provider_id, content, policy, clock.today())
    unread = set(errors) | (AFTER_HOURS if HOUR_NAMES.keys() & errors.keys() else set())
    missing = [gap for gap in found.gaps if gap.field not in unread]
    if activity is None:
        missing = [gap for gap in missing if gap.field in step.fields]  # the other steps are not there yet
    return Panel(
        points=[*(Point(text, f"#{name}") for name, text in errors.items()), *_points(activity, step, missing)],
        hints=[_hint(activity, step, hint) for hint in found.hints],
        sum=_sum(content, errors) if HOUR_NAMES.keys() & set(step.fields) else "",
        needs_account=found.needs_account or bool(content.self_study_account),
        needs_closing_test=found.needs_closing_test or bool(content.closing_test),
        change=_change(activity, content, policy) if activity else "",
        steps=_per_step([*errors, *(gap.field for gap in missing)]),
    )


def _per_step(fields: list[str]) -> dict[str, str]:
    counts = Counter(step_of(field).code for field in fields)
    return {
        step.code: f"({count_of(counts[step.code], 'punt', 'punten')})" if counts[step.code] else "" for step in STEPS
    }


def hints_about(activity: Activity, content: Content, policy: Policy) -> list[Point]:
    """Everything to look at again in what is about to be submitted."""
    found = precheck(activity.id, activity.provider_id, content, policy, clock.today())
    return [_hint(activity, None, hint) for hint in found.hints]


def remarks_beside(activity: Activity | None, step: Step) -> list[Point]:
    """What the committee asked for, each leading to its field; the text of an explanation leads nowhere."""
    found = remarks_about(activity) if activity else []
    return [Point(remark.text, _link(activity, step, remark.field) if remark.field else "") for remark in found]


def change_in_words(activity: Activity, changes: Changes | None) -> str:
    """What saving this text comes to for an activity that is live; '' for one that is not."""
    if changes is None:
        return ""
    if changes.decided:
        names = joined([NAMES[name] for name in changes.decided])
        shown = "blijft intussen zichtbaar" if activity.state == State.PUBLISHED else "blijft intussen geldig"
        free = joined([NAMES[name] for name in changes.free])
        along = f" Ook uw wijziging van {free} gaat pas in na dat besluit." if free else ""
        return (
            f"U wijzigt {names}. Daarover besluit de commissie. De huidige versie {shown}, met nummer en uren.{along}"
        )
    if changes.is_free:
        return "Deze wijziging hoeft niet naar de commissie. Die gaat in zodra u de wijziging publiceert."
    return "U hebt nog niets gewijzigd."


def _change(activity: Activity, content: Content, policy: Policy) -> str:
    original = takeable_original(activity)
    if original is None:
        return change_in_words(activity, changes_of(activity, content, policy))
    lacks, changed = judge(content, original, policy)
    if changed:
        names = joined([NAMES[name] for name in changed])
        return (
            f"U wijzigt {names}. Dan kunt u dit aanbod niet meer met het oude nummer publiceren: de commissie"
            " beoordeelt het opnieuw."
        )
    if clock.today() > policy.takeover.until:
        return ""
    lacking = f"ontbreekt nog: {joined([NAMES[name] for name in lacks])}" if lacks else "ontbreekt niets"
    return (
        f"Om met het oude nummer te publiceren {lacking}. Wat hieronder staat, geldt als u het opnieuw laat beoordelen."
    )


def named_errors(error: ValidationError) -> Errors:
    """One fix per field; each says which field it is about."""
    return {name: _named(name, text) for name, text in first_errors(error).items()}


def _named(name: str, text: str) -> str:
    return f"{LABELS[name]}: {text[0].lower()}{text[1:]}" if name in LABELS else text


def _points(activity: Activity | None, step: Step, found: list[Gap]) -> list[Point]:
    return [Point(gap.text, _link(activity, step, gap.field)) for gap in found]


def _hint(activity: Activity | None, step: Step | None, hint: Hint) -> Point:
    """The sentence leads to its field, or to the other activity that it is about."""
    other = url_for("submissions.activity_page", activity_id=hint.other_id) if hint.other_id else ""
    return Point(hint.text, other or _link(activity, step, hint.field))


def _link(activity: Activity | None, step: Step | None, field: str) -> str:
    return f"#{field}" if activity is None or (step and field in step.fields) else field_address(activity.id, field)


def _sum(content: Content, errors: Errors) -> str:
    if HOUR_NAMES.keys() & errors.keys() or not {content.contact_hours, content.self_study_hours} - {None}:
        return "Het totaal staat hier als u beide uren als getal invult."
    hours = content.hours
    parts = [dutch_number(part) for part in (hours.contact, hours.self_study, hours.total)]
    return "{} contact + {} zelfstudie = {} uur".format(*parts)
