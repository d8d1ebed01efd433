"""Providers for programs: who was admitted under a KvK number."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

from api.answers import WholeProvider
from api.routes import answers
from api.sending import as_json
from api.shapes import provider_shape
from catalogue.of_provider import visible_count_of
from core import clock
from core.company_numbers import KVK_NUMBER
from core.errors import NotFound
from core.web import current_settings
from providers.queries import admitted_now_or_formerly


class UnknownProvider(NotFound):
    """Nobody with this number was admitted."""

    code = "unknown-provider"
    title = "Geen aanbieder met dit KvK-nummer"

    def __init__(self) -> None:
        super().__init__(
            "Onder dit KvK-nummer is geen aanbieder toegelaten. Controleer het nummer: het heeft 8 cijfers."
        )


@answers(
    "/aanbieders/<kvkNummer>",
    WholeProvider,
    faults=[HTTPStatus.NOT_FOUND],
    operationId="aanbieder",
    summary="Eén aanbieder",
    description="Een toegelaten aanbieder met zijn vestigingen. Een KvK-nummer van vóór een overname leidt naar de"
    " aanbieder van nu.",
)
def one_provider(_: Mapping[str, Any], kvkNummer: str) -> Response:  # noqa: N803 -- the name that the documentation shows
    """An admitted provider with its branches."""
    providers = admitted_now_or_formerly(kvkNummer) if KVK_NUMBER.fullmatch(kvkNummer) else []
    if not providers:
        raise UnknownProvider
    count = visible_count_of(providers[0].kvk_number, clock.today())
    return as_json(provider_shape(providers, count, current_settings().base_url))
