"""The settings of one OpenID Connect client; each of the three audiences has its own set. Knows nothing of Flask."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any

from marshmallow import ValidationError, fields, validate

from core.sign_in.claim_paths import DEFAULT_PATHS, LEVELS, Paths

AUDIENCES = tuple(DEFAULT_PATHS)
ALGORITHMS = ("PS256", "RS256", "PS384", "RS384", "PS512", "RS512", "ES256", "ES384", "ES512")
ADDRESSES = (
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "end_session_endpoint",
)


@dataclass(frozen=True, kw_only=True)
class ClientSettings:
    """How one audience signs in. Endpoints are empty when the issuer's discovery document tells them."""

    issuer: str
    client_id: str
    client_secret: str
    client_auth: str
    assertion_algorithm: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    algorithms: frozenset[str]
    scope: str
    acr_values: str
    prompt: str
    claims_from: str
    claims: Paths
    levels: Mapping[str, str]
    cancel_codes: frozenset[str]


class _Words(fields.String):
    """Words with spaces between them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **rest: Any) -> Any:
        return frozenset(super()._deserialize(value, attr, data, **rest).split())


class _JsonObject(fields.String):
    """A JSON object in one line."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **rest: Any) -> Any:
        try:
            found = json.loads(super()._deserialize(value, attr, data, **rest))
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ValidationError('write a JSON object, such as {"name": ["full_name"]}')
        return found


def client_fields(audience: str) -> dict[str, fields.Field[Any]]:
    """The fields of the settings schema for one audience; `docs/settings.md` is checked against them."""
    made: dict[str, fields.Field[Any]] = {
        "issuer": _text("OpenID Connect issuer; the demonstration one when demo is on"),
        "client_id": _text("client id at that issuer"),
        "client_secret": _text("client secret, when the client does not authenticate with its own key"),
        "client_auth": _text(
            "`private_key_jwt` (Dutch profile), `client_secret_basic` or `client_secret_post`",
            "private_key_jwt",
            ["private_key_jwt", "client_secret_basic", "client_secret_post"],
        ),
        "assertion_algorithm": _text("with which our key signs: `PS256` or `RS256`", "PS256", ["PS256", "RS256"]),
        "authorization_endpoint": _text(
            "fixed address; with it no discovery takes place, and token endpoint and keys are required as well"
        ),
        "token_endpoint": _text("fixed address"),
        "userinfo_endpoint": _text("fixed address"),
        "jwks_uri": _text("fixed address of the issuer's keys"),
        "end_session_endpoint": _text("fixed address for signing out at the issuer too"),
        "algorithms": _Words(
            load_default=frozenset({"PS256", "RS256"}),
            validate=validate.ContainsOnly(ALGORITHMS),
            metadata={"about": "signature algorithms that are accepted, with spaces between", "default": "PS256 RS256"},
        ),
        "scope": _text("scopes to ask for", "openid"),
        "acr_values": _text("level to ask for, as this broker writes it; empty: the policy's level, for eHerkenning"),
        "prompt": _text("`prompt` to send, such as login; empty means none"),
        "claims_from": _text(
            "`id_token`, or `userinfo` when the broker tells most things there",
            "id_token",
            ["id_token", "userinfo"],
        ),
        "claims": _JsonObject(
            load_default=dict,
            validate=lambda value: _check_paths(audience, value),
            metadata={"about": "where the broker puts things, as JSON from name to list of segments; names: see below"},
        ),
        "levels": _JsonObject(
            load_default=dict,
            validate=_check_levels,
            metadata={"about": 'the broker\'s own words for levels, as JSON such as {"EH3": "loa3"}'},
        ),
        "cancel_codes": _Words(
            load_default=frozenset({"access_denied", "IDP-3200"}),
            metadata={
                "about": "error codes that mean that the person cancelled, with spaces between",
                "default": "access_denied IDP-3200",
            },
        ),
    }
    return {f"{audience}_{name}": field for name, field in made.items()}


def missing_of(audience: str, data: Mapping[str, Any]) -> dict[str, list[str]]:
    """What one client lacks, by setting."""
    needed = {"issuer": "is required when demo is off", "client_id": "is required when demo is off"}
    if data.get(f"{audience}_client_auth", "").startswith("client_secret"):
        needed |= {"client_secret": "is required for this way of authenticating"}
    if data.get(f"{audience}_authorization_endpoint"):
        also = ["userinfo_endpoint"] if data.get(f"{audience}_claims_from") == "userinfo" else []
        needed |= dict.fromkeys(
            ["token_endpoint", "jwks_uri", *also], "is required with a fixed authorization endpoint"
        )
    return {f"{audience}_{name}": [why] for name, why in needed.items() if not data.get(f"{audience}_{name}")}


def client_of(audience: str, data: Mapping[str, Any]) -> ClientSettings:
    """The settings of one client, out of all that were loaded."""
    values = {field.name: data[f"{audience}_{field.name}"] for field in dataclass_fields(ClientSettings)}
    paths = {name: tuple(path) for name, path in values["claims"].items()}
    return ClientSettings(**values | {"claims": dict(DEFAULT_PATHS[audience]) | paths})


def _text(about: str, default: str = "", one_of: list[str] | None = None) -> fields.String:
    check = validate.OneOf(one_of) if one_of else None
    return fields.String(load_default=default, validate=check, metadata={"about": about})


def _check_paths(audience: str, value: dict[str, Any]) -> None:
    names = DEFAULT_PATHS[audience]
    if unknown := set(value) - set(names):
        raise ValidationError(f"knows no {', '.join(sorted(unknown))}; the names are {', '.join(names)}")
    for path in value.values():
        if not isinstance(path, list) or not path or not all(isinstance(part, str) and part for part in path):
            raise ValidationError('a path is a list of names, such as ["address", "city"]')


def _check_levels(value: dict[str, Any]) -> None:
    if not all(isinstance(level, str) and level in LEVELS for level in value.values()):
        raise ValidationError(f"each level is one of {', '.join(LEVELS)}")
