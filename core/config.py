"""The settings: environment variables with one prefix, checked all at once. Knows nothing of Flask."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

PREFIX = "REGISTERUUR_"
TEST_PREFIX = "REGISTERUUR_TEST_"
REPOSITORY = Path(__file__).parent.parent
AUDIENCES = ("eherkenning", "staff", "teacher")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator chose; every field is explained in `docs/settings.md`."""

    profile: str
    database_url: str
    secret_key: str
    base_url: str
    listen: str
    instance: Path
    policies: Path
    demo: bool
    worker: bool
    proxies: int
    session_idle_minutes: int
    session_hours: int
    eherkenning_issuer: str
    eherkenning_client_id: str
    eherkenning_client_secret: str
    staff_issuer: str
    staff_client_id: str
    staff_client_secret: str
    teacher_issuer: str
    teacher_client_id: str
    teacher_client_secret: str


class WrongSettings(Exception):  # noqa: N818 -- the message lists all of them
    """One or more settings are missing or wrong; `problems` names each with its fix."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(["Registeruur cannot start:", *(f"  - {problem}" for problem in problems)]))


def _text(about: str, default: str = "", **rest: Any) -> fields.String:
    return fields.String(load_default=default, metadata={"about": about}, **rest)


class SettingsSchema(Schema):
    """The shape of the settings; `docs/settings.md` is checked against it."""

    error_messages = {"unknown": "is no setting; see docs/settings.md"}

    profile = _text(
        "`embedded` (one process, for trying out) or `production`",
        "embedded",
        validate=validate.OneOf(["embedded", "production"]),
    )
    database_url = _text("SQLite or PostgreSQL; empty means SQLite in the instance folder, embedded only")
    secret_key = _text("signs cookies; at least 32 characters; made by itself when embedded")
    base_url = _text("public address, without a slash at the end; https in production", "http://127.0.0.1:8000")
    listen = _text(
        "where `flask serve` listens, such as 127.0.0.1:8000; empty means at the public address",
        validate=validate.Regexp(r"([^:]+:[0-9]{1,5})?\Z", error="write it as 127.0.0.1:8000"),
    )
    instance = _text("folder for the embedded database, the search index and keys", "instance")
    policies = _text("folder with the rules of the registers", "policies")
    demo = fields.Boolean(
        load_default=None,
        metadata={
            "about": "demonstration people, data and pages under `/dev`; on when embedded, refused in production"
        },
    )
    worker = fields.Boolean(
        load_default=None, metadata={"about": "whether `flask serve` also delivers the outbox; on when embedded"}
    )
    proxies = fields.Integer(
        load_default=0, validate=validate.Range(0, 5), metadata={"about": "number of trusted reverse proxies in front"}
    )
    session_idle_minutes = fields.Integer(
        load_default=15, validate=validate.Range(1), metadata={"about": "a session ends after this much inactivity"}
    )
    session_hours = fields.Integer(
        load_default=8, validate=validate.Range(1), metadata={"about": "a session never lasts longer than this"}
    )
    eherkenning_issuer = _text("OpenID Connect issuer for providers; the demonstration one when demo is on")
    eherkenning_client_id = _text("client id at that issuer")
    eherkenning_client_secret = _text("client secret at that issuer")
    staff_issuer = _text("OpenID Connect issuer for committee and bureau; the demonstration one when demo is on")
    staff_client_id = _text("client id at that issuer")
    staff_client_secret = _text("client secret at that issuer")
    teacher_issuer = _text("OpenID Connect issuer for teachers; the demonstration one when demo is on")
    teacher_client_id = _text("client id at that issuer")
    teacher_client_secret = _text("client secret at that issuer")

    # A wrong value elsewhere must not hide what these find: everything is named at once.
    @validates_schema(skip_on_field_errors=False)
    def _base_url_is_an_origin(self, data: dict[str, Any], **_: object) -> None:
        if not _is_origin(data.get("base_url", "")):
            raise ValidationError("give scheme and host only, such as https://register.example", "base_url")

    @validates_schema(skip_on_field_errors=False)
    def _addresses_can_be_read(self, data: dict[str, Any], **_: object) -> None:
        url = data.get("database_url", "")
        problems = {"database_url": ["must begin with sqlite:/// or postgresql://"]} if not _is_database(url) else {}
        secure = ("https",) if data.get("profile") == "production" else ("https", "http")
        for name in (f"{audience}_issuer" for audience in AUDIENCES):
            if data.get(name) and _scheme(data[name]) not in secure:
                problems[name] = [f"must begin with {secure[0]}://"]
        if problems:
            raise ValidationError(problems)

    @validates_schema(skip_on_field_errors=False)
    def _production_is_safe(self, data: dict[str, Any], **_: object) -> None:
        problems = _production_problems(data) if data.get("profile") == "production" else {}
        if problems:
            raise ValidationError(problems)

    @validates_schema(skip_on_field_errors=False)
    def _sign_in_is_complete(self, data: dict[str, Any], **_: object) -> None:
        if _is_demo(data):
            return
        names = [f"{audience}_{part}" for audience in AUDIENCES for part in ("issuer", "client_id", "client_secret")]
        missing = {name: ["is required when demo is off"] for name in names if not data.get(name)}
        if missing:
            raise ValidationError(missing)


def _is_database(url: str) -> bool:
    return not url or url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://"))


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:
        return ""


def _is_origin(address: str) -> bool:
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises when there can be no such port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and address == f"{parts.scheme}://{parts.netloc}" and bool(parts.netloc)


def _is_demo(data: dict[str, Any]) -> bool:
    demo = data.get("demo")
    return bool(data.get("profile", "embedded") == "embedded" if demo is None else demo)


def _production_problems(data: dict[str, Any]) -> dict[str, list[str]]:
    checks = {
        "demo": (bool(data.get("demo")), "demonstration sign-in and /dev are refused in production"),
        "secret_key": (len(data.get("secret_key", "")) < 32, "give at least 32 random characters"),  # noqa: PLR2004 -- 256 bits
        "database_url": (not data.get("database_url"), "name the database; SQLite is never chosen by itself here"),
        "base_url": (not data.get("base_url", "").startswith("https://"), "must start with https://"),
    }
    return {name: [message] for name, (applies, message) in checks.items() if applies}


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings, or raise `WrongSettings` that names every missing, wrong or unknown one."""
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and value
    }
    try:
        data = SettingsSchema().load(given)
    except ValidationError as error:
        found: dict[str, list[str]] = error.messages_dict
        raise WrongSettings([f"{PREFIX}{name.upper()}: {' '.join(why)}" for name, why in found.items()]) from None
    return _settled(data)


def settings_or_exit(environ: Mapping[str, str]) -> Settings:
    """The settings; wrong ones end the process with a list of what to change instead of a traceback."""
    try:
        return load_settings(environ)
    except WrongSettings as wrong:
        raise SystemExit(str(wrong)) from None


def _settled(data: dict[str, Any]) -> Settings:
    instance = REPOSITORY / data["instance"]
    embedded = data["profile"] == "embedded"
    return Settings(
        **data
        | {
            "instance": instance,
            "policies": REPOSITORY / data["policies"],
            "demo": _is_demo(data),
            "worker": embedded if data["worker"] is None else data["worker"],
            "database_url": data["database_url"] or f"sqlite:///{instance / 'registeruur.db'}",
        }
    )
