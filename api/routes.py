"""Declares routes of the interface together with their description."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, TypeVar

from flask_smorest import Api, Blueprint
from marshmallow import Schema

from api.answers import Problem
from api.problems import Parser
from api.questions import Question
from api.sending import BASE
from core.access import Role, open_to

View = TypeVar("View", bound=Callable[..., Any])
bp: Any = Blueprint("api_v1", __name__, url_prefix=BASE)  # the library ships no types
bp.ARGUMENTS_PARSER = Parser()
Library: Any = Api


class OpenApi(Library):  # type: ignore[misc]
    """Routes and their description; faults are answered by `core.problems`, as everywhere else."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        pass


def answers(
    path: str,
    schema: type[Schema],
    *,
    question: type[Schema] = Question,
    faults: Iterable[HTTPStatus] = (),
    **told: str,
) -> Callable[[View], View]:
    """Everybody may ask this; `told` is the description in Dutch. The view gets what `question` read."""

    def declare(view: View) -> View:
        made: Any = open_to(Role.ANYONE)(view)
        made = bp.doc(**told)(made)
        for fault in faults:
            made = bp.alt_response(fault, schema=Problem)(made)
        made = bp.response(HTTPStatus.OK, schema)(made)
        made = bp.arguments(question(), location="query")(made)
        bp.route(path)(made)
        return view

    return declare
