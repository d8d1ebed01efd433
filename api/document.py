"""The description of the interface (OpenAPI 3.1): what the routes declare, and what holds for every answer. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

Document = dict[str, Any]
WITH_CSV = "activiteiten"  # the operation that answers as CSV, too
PROBLEM_TYPE = "application/problem+json"
HEADERS = {
    "API-Version": ("Versie van deze API.", "string", "1.0.0"),
    "RateLimit-Limit": ("Hoeveel vragen u per minuut mag stellen.", "integer", 300),
    "RateLimit-Remaining": ("Hoeveel daarvan nog over zijn.", "integer", 299),
    "RateLimit-Reset": ("Over hoeveel seconden u er weer zoveel hebt.", "integer", 60),
}
ETAG = {"description": "Kenmerk van dit antwoord, voor `If-None-Match`.", "schema": {"type": "string"}}
RETRY = {"description": "Hoeveel seconden u wacht.", "schema": {"type": "integer"}}
OF_CSV = {
    "Link": {"description": "Bij CSV: waar de andere pagina's zijn.", "schema": {"type": "string"}},
    "Bijgewerkt-Tot": {
        "description": "Bij CSV en `gewijzigdSinds`: het moment om de volgende keer mee te vragen.",
        "schema": {"type": "string", "format": "date-time"},
    },
}
CSV = {"schema": {"type": "string"}, "example": "Nummer;Vroeger nummer;Status;Titel"}
TITLES = {
    HTTPStatus.OK: "Gevonden",
    HTTPStatus.NOT_MODIFIED: "Niets gewijzigd sinds het antwoord dat u al hebt",
    HTTPStatus.BAD_REQUEST: "De vraag klopt niet; alle fouten staan in `errors`",
    HTTPStatus.NOT_FOUND: "Niet gevonden, of niet meer aangeboden",
    HTTPStatus.GONE: "Verwijderd",
    HTTPStatus.TOO_MANY_REQUESTS: "Te veel vragen; wacht zo lang als `Retry-After` zegt",
    HTTPStatus.SERVICE_UNAVAILABLE: "Zoeken op woorden kan even niet",
}
IN_PATH = {
    "nummer": "Het activiteitnummer, in welke schrijfwijze ook, of een nummer van het oude register.",
    "kvkNummer": "Het KvK-nummer van de aanbieder, 8 cijfers.",
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "Het `ETag` van een eerder antwoord; is er niets gewijzigd, dan krijgt u 304.",
    "schema": {"type": "string"},
}


def finished(declared: Document, base: str, codes: Mapping[str, Sequence[str]]) -> Document:
    """The whole description, from what the routes declare under the path `base`; `codes` per parameter."""
    paths = {path.removeprefix(base): _path(operations, codes) for path, operations in declared["paths"].items()}
    headers = {
        name: {"description": about, "schema": {"type": kind}, "example": example}
        for name, (about, kind, example) in HEADERS.items()
    }
    return {
        **{name: told for name, told in declared.items() if name != "tags"},
        "paths": paths,
        "components": {"schemas": declared["components"]["schemas"], "headers": headers},
    }


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Path, method and description of everything that can be asked."""
    for path, methods in document["paths"].items():
        yield from ((path, method, operation) for method, operation in methods.items())


def _path(methods: Document, codes: Mapping[str, Sequence[str]]) -> Document:
    in_path = [{**told, "description": IN_PATH[told["name"]]} for told in methods.get("parameters", [])]
    told = methods["get"]
    for parameter in told.get("parameters", []):
        if parameter["name"] in codes:
            parameter["schema"]["enum"] = list(codes[parameter["name"]])
    return {"get": _operation(told, in_path)}


def _operation(told: Document, in_path: list[Document]) -> Document:
    own = {int(code): response for code, response in told["responses"].items() if code != "default"}
    codes = {*own, HTTPStatus.NOT_MODIFIED, HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS}
    parameters = [*in_path, *told.get("parameters", []), IF_NONE_MATCH]
    responses = {str(int(code)): _response(code, own.get(code, {}), told) for code in sorted(codes)}
    told = {name: value for name, value in told.items() if name != "tags"}
    return {**told, "parameters": parameters, "responses": responses}


def _response(code: int, own: Mapping[str, Any], told: Document) -> Document:
    status = HTTPStatus(code)
    headers: Document = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    response: Document = {"description": TITLES[status], "headers": headers}
    if status in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        headers["ETag"] = ETAG
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = RETRY
    if status is HTTPStatus.OK:
        response["content"] = own["content"]
        if told["operationId"] == WITH_CSV:
            response["content"] |= {"text/csv": CSV}
            headers |= OF_CSV
    elif status >= HTTPStatus.BAD_REQUEST:
        response["content"] = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Probleem"}}}
    return response
