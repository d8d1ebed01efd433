"""The settings: environment variables with one prefix, checked all at once. Knows nothing of Flask."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from core.client_settings import ADDRESSES, AUDIENCES, ClientSettings, client_fields, client_of, missing_of
from core.mail.addresses import is_address

PREFIX = "REGISTERUUR_"
LOCAL_SENDER = "register@localhost"
TEST_PREFIX = "REGISTERUUR_TEST_"
REPOSITORY = Path(__file__).parent.parent


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
    largest_import_mb: int
    api_requests_a_minute: int
    kvk_url: str
    kvk_api_key: str
    kvk_ca_file: str
    mail_server: str
    mail_encryption: str
    mail_user: str
    mail_password: str
    mail_ca_file: str
    mail_from: str
    meilisearch_url: str
    meilisearch_key: str
    meilisearch_search_key: str
    meilisearch_index: str
    clients: Mapping[str, ClientSettings]


class WrongSettings(Exception):  # noqa: N818 -- the message lists all of them
    """One or more settings are missing or wrong; `problems` names each with its fix."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(["Registeruur cannot start:", *(f"  - {problem}" for problem in problems)]))


def _text(about: str, default: str = "", **rest: Any) -> fields.String:
    return fields.String(load_default=default, metadata={"about": about}, **rest)


def _key(about: str) -> fields.String:
    """Something to send in a header."""
    return _text(about, validate=validate.Regexp(r"[!-~]*\Z", error="use visible ASCII symbols only"))


class _OwnSettings(Schema):
    """The settings apart from those of the sign-in clients."""

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
    largest_import_mb = fields.Integer(
        load_default=200,
        validate=validate.Range(1),
        metadata={"about": "largest file that may be uploaded for an import, in MB"},
    )
    api_requests_a_minute = fields.Integer(
        load_default=300,
        validate=validate.Range(1),
        metadata={"about": "how often a minute one address may ask the API, per process that serves"},
    )
    kvk_url = _text("address of the KvK Basisprofiel API", "https://api.kvk.nl/api/v1")
    kvk_api_key = _text("key of that API; empty means that company details are not prefilled from the trade register")
    kvk_ca_file = _text(
        "certificate authorities for that API, whose root is in no browser store; empty: the usual ones"
    )
    mail_server = _text(
        "host and port of the SMTP server; empty means the mailbox at `/dev/mail`, embedded only",
        validate=validate.Regexp(r"([^:]+:[0-9]{1,5})?\Z", error="write it as smtp.example:587"),
    )
    mail_encryption = _text(
        "`starttls`, `tls` or `none`", "starttls", validate=validate.OneOf(["starttls", "tls", "none"])
    )
    mail_user = _text("user name at the SMTP server; empty means without signing in")
    mail_password = _text("password at the SMTP server")
    mail_ca_file = _text("certificate authorities for the SMTP server; empty: the usual ones")
    mail_from = _text("address that mail comes from and answers go to", LOCAL_SENDER)
    meilisearch_url = _text(
        "address of a Meilisearch server, such as http://127.0.0.1:7700; empty means the embedded search engine"
    )
    meilisearch_key = _key("its key that may write the indexes and read them; only worker and commands use it")
    meilisearch_search_key = _key("its key that may only search, for web requests; empty means the other key")
    meilisearch_index = _text(
        "what the names of the indexes begin with",
        "activiteiten",
        validate=validate.Regexp(r"[A-Za-z0-9_-]{1,100}\Z", error="use letters, digits, - and _ only"),
    )

    # A wrong value elsewhere must not hide what these find: everything is named at once.
    @validates_schema(skip_on_field_errors=False)
    def _base_url_is_an_origin(self, data: dict[str, Any], **_: object) -> None:
        if not _is_origin(data.get("base_url", "")):
            raise ValidationError("give scheme and host only, such as https://register.example", "base_url")

    @validates_schema(skip_on_field_errors=False)
    def _addresses_can_be_read(self, data: dict[str, Any], **_: object) -> None:
        url = data.get("database_url", "")
        problems = {"database_url": ["must begin with sqlite:/// or postgresql://"]} if not _is_database(url) else {}
        sender = data.get("mail_from", LOCAL_SENDER)
        if sender != LOCAL_SENDER and not is_address(sender):
            problems["mail_from"] = ["give the bare address, such as register@voorbeeld.nl"]
        secure = ("https",) if data.get("profile") == "production" else ("https", "http")
        for name in ("kvk_url", *(f"{audience}_{name}" for audience in AUDIENCES for name in ADDRESSES)):
            if data.get(name) and _scheme(data[name]) not in secure:
                problems[name] = [f"must begin with {secure[0]}://"]
        if problems:
            raise ValidationError(problems)

    @validates_schema(skip_on_field_errors=False)
    def _search_engine_can_be_reached(self, data: dict[str, Any], **_: object) -> None:
        url = data.get("meilisearch_url", "")
        if url and not _is_origin(url):
            raise ValidationError("give scheme and host only, such as http://127.0.0.1:7700", "meilisearch_url")

    @validates_schema(skip_on_field_errors=False)
    def _production_is_safe(self, data: dict[str, Any], **_: object) -> None:
        problems = _production_problems(data) if data.get("profile") == "production" else {}
        if problems:
            raise ValidationError(problems)

    @validates_schema(skip_on_field_errors=False)
    def _sign_in_is_complete(self, data: dict[str, Any], **_: object) -> None:
        missing = (
            {} if _is_demo(data) else {k: v for audience in AUDIENCES for k, v in missing_of(audience, data).items()}
        )
        if missing:
            raise ValidationError(missing)


SettingsSchema = _OwnSettings.from_dict(
    {name: field for audience in AUDIENCES for name, field in client_fields(audience).items()}, name="SettingsSchema"
)


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


def _is_near(address: str) -> bool:
    """Whether it lies on this machine or in a private network; a name without a dot is one of containers."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host


def _is_demo(data: dict[str, Any]) -> bool:
    demo = data.get("demo")
    return bool(data.get("profile", "embedded") == "embedded" if demo is None else demo)


def _production_problems(data: dict[str, Any]) -> dict[str, list[str]]:
    engine = data.get("meilisearch_url", "")
    is_far = _is_origin(engine) and not engine.startswith("https://") and not _is_near(engine)
    checks = {
        "demo": (bool(data.get("demo")), "demonstration sign-in and /dev are refused in production"),
        "secret_key": (len(data.get("secret_key", "")) < 32, "give at least 32 random characters"),  # noqa: PLR2004 -- 256 bits
        "database_url": (not data.get("database_url"), "name the database; SQLite is never chosen by itself here"),
        "base_url": (not data.get("base_url", "").startswith("https://"), "must start with https://"),
        "mail_from": (data.get("mail_from") == LOCAL_SENDER, "name the address of the register"),
        "mail_encryption": (
            bool(data.get("mail_password")) and data.get("mail_encryption") == "none",
            "a password is never sent in the clear: choose starttls or tls",
        ),
        "meilisearch_url": (is_far, "a key is sent in the clear only in a private network: must start with https://"),
        "meilisearch_key": (bool(engine) and not data.get("meilisearch_key"), "name the key that may write"),
        "mail_server": (not data.get("mail_server"), "name the SMTP server, such as smtp.example:587"),
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
    clients = {audience: client_of(audience, data) for audience in AUDIENCES}
    own = {name: value for name, value in data.items() if name in _OwnSettings().fields}
    return Settings(
        **own
        | {
            "clients": clients,
            "instance": instance,
            "policies": REPOSITORY / data["policies"],
            "demo": _is_demo(data),
            "worker": embedded if data["worker"] is None else data["worker"],
            "database_url": data["database_url"] or f"sqlite:///{instance / 'registeruur.db'}",
        }
    )
