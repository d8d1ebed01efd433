"""Activities for programs: a list to look through or to keep up with, and one by its number."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

from api.answers import ActivityList, WholeActivity
from api.listing import Listed, sent_list
from api.problems import SearchAway
from api.questions import ActivityQuestion, moment_in, words_in
from api.routes import answers
from api.sending import as_json
from api.shapes import remains_shape, whole_shape
from catalogue import numbers
from catalogue.editions import coming_editions
from catalogue.queries import public_activity
from catalogue.states import Status
from catalogue.summaries import STAMPED_BEFORE, Wanted, changed_summaries, summaries_of, visible_summaries
from catalogue.tombstones import Fate, UnknownNumber, tombstone
from core import clock
from core.errors import NotFound, Refusal
from core.web import current_settings
from search.index import Filters, IndexAway, Query
from search.services import current_index

ASKED = {"part": "nummer", "kvk_number": "aanbieder", "type": "type", "sector": "sector"}


class Gone(Refusal):
    """The activity is no longer offered; what may still be said goes along."""

    def __init__(self, fate: Fate, remains: Mapping[str, Any]) -> None:
        self.code, self.status, self.title = fate.code, fate.status, fate.title
        self.members = {"activiteit": remains}
        super().__init__(f"Van nummer {remains['weergave']} staat in `activiteit` wat er nog over te zeggen valt.")


class WrongNumber(UnknownNumber):
    """The check symbol says that this is a slip."""

    code = "wrong-number"
    title = "Dit nummer klopt niet"


@answers(
    "/activiteiten",
    ActivityList,
    question=ActivityQuestion,
    faults=[HTTPStatus.SERVICE_UNAVAILABLE],
    operationId="activiteiten",
    summary="Activiteiten zoeken of bijhouden",
    description="Zonder parameters: alles wat leraren nu vinden, de nieuwste validatie eerst. Vraagt u `text/csv`, dan"
    " krijgt u een bestand voor een rekenblad; waar de volgende pagina is, staat dan in de header `Link`.",
)
def list_activities(question: Mapping[str, Any]) -> Response:
    """A page of activities, by whatever way they were asked for."""
    return sent_list(question, _listed(question))


@answers(
    "/activiteiten/<nummer>",
    WholeActivity,
    faults=[HTTPStatus.NOT_FOUND, HTTPStatus.GONE],
    operationId="activiteit",
    summary="Eén activiteit",
    description="Met het nummer in welke schrijfwijze ook, of een nummer van het oude register. Wat de aanbieder niet"
    " meer laat zien, geeft 404; wat verwijderd is, 410. In beide gevallen staat in het antwoord wat er nog over te"
    " zeggen valt.",
)
def one_activity(_: Mapping[str, Any], nummer: str) -> Response:
    """The activity with this number, or what became of it."""
    today, base = clock.today(), current_settings().base_url
    try:
        found = public_activity(nummer, today)
    except NotFound:
        raise _gone(nummer) from None
    (summary,) = summaries_of([found.activity.id], today)
    editions = coming_editions([found.activity.id], today)[found.activity.id] if found.is_visible else []
    return as_json(whole_shape(summary, found.version.content, editions, base))


def _listed(question: Mapping[str, Any]) -> Listed:
    now = clock.now()
    today, page, size = clock.day_of(now), question["pagina"], question["paginaGrootte"]
    if since := moment_in(question, now):
        return Listed(*changed_summaries(since, today, page=page, size=size), complete_until=now - STAMPED_BEFORE)
    if words := words_in(question):
        chosen = {facet: (question[facet],) for facet in ("sector", "type", "aanbieder") if facet in question}
        try:
            hits = current_index().search(Query(words, today, page, size, Filters(chosen=chosen)))
        except IndexAway:
            raise SearchAway from None
        offered = [found for found in summaries_of(hits.ids, today) if found.status is Status.OFFERED]
        return Listed(offered, hits.total - len(hits.ids) + len(offered))  # the index is a second behind
    wanted = Wanted(**{name: question.get(asked, "") for name, asked in ASKED.items()})
    return Listed(*visible_summaries(wanted, today, page=page, size=size))


def _gone(number: str) -> Gone:
    """Raises `UnknownNumber` for what was never shown, and `WrongNumber` for what nobody can have been given."""
    if numbers.is_slip(number):
        raise WrongNumber
    grave = tombstone(number)
    (summary,) = summaries_of([grave.recognition.activity_id], clock.today())
    return Gone(grave.fate, remains_shape(summary, current_settings().base_url))
