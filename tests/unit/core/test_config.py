from pathlib import Path

import pytest

from core.config import PREFIX, REPOSITORY, WrongSettings, load_settings

SIGN_IN = {
    f"{audience}_{part}": f"https://{audience}.example/{part}"
    for audience in ("eherkenning", "staff", "teacher")
    for part in ("issuer", "client_id")
}
PRODUCTION = SIGN_IN | {
    "profile": "production",
    "mail_server": "smtp.example:587",
    "mail_from": "info@register.example",
    "database_url": "postgresql+psycopg://register@db/register",
    "secret_key": "s" * 32,
    "base_url": "https://register.example",
}


def environ(settings: dict[str, str]) -> dict[str, str]:
    return {PREFIX + name.upper(): value for name, value in settings.items()}


def refused(settings: dict[str, str]) -> list[str]:
    """The names of the settings that are refused, each once, sorted."""
    with pytest.raises(WrongSettings) as error:
        load_settings(environ(settings))
    assert str(error.value).splitlines()[1:] == [f"  - {problem}" for problem in error.value.problems]
    assert all(problem.startswith(PREFIX) and ": " in problem for problem in error.value.problems)
    return sorted(problem.removeprefix(PREFIX).partition(":")[0].lower() for problem in error.value.problems)


def test_without_any_setting_it_is_a_demonstration_on_this_machine() -> None:
    settings = load_settings({})
    assert (settings.profile, settings.demo, settings.worker) == ("embedded", True, True)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{REPOSITORY}/instance/registeruur.db"
    assert (settings.instance, settings.policies) == (REPOSITORY / "instance", REPOSITORY / "policies")
    assert (settings.proxies, settings.session_idle_minutes, settings.session_hours) == (0, 15, 8)


def test_a_complete_production_has_no_demonstration_and_no_worker_of_its_own() -> None:
    settings = load_settings(environ(PRODUCTION))
    assert (settings.profile, settings.demo, settings.worker) == ("production", False, False)
    own = {name: value for name, value in PRODUCTION.items() if name not in SIGN_IN}
    assert {name: getattr(settings, name) for name in own} == own
    assert settings.clients["staff"].issuer == SIGN_IN["staff_issuer"]


def test_what_was_chosen_wins_over_the_defaults() -> None:
    chosen = {"instance": "/srv/register", "worker": "true", "proxies": "2", "session_hours": "4", "demo": "false"}
    settings = load_settings(environ(SIGN_IN | chosen))
    assert settings.instance == Path("/srv/register")
    assert settings.database_url == "sqlite:////srv/register/registeruur.db"
    assert (settings.worker, settings.proxies, settings.session_hours, settings.demo) == (True, 2, 4, False)


def test_every_wrong_and_every_unknown_setting_is_named_at_once() -> None:
    wrong = {
        "profile": "staging",
        "demo": "misschien",
        "worker": "soms",
        "proxies": "6",
        "session_idle_minutes": "0",
        "session_hours": "acht",
        "colour": "red",
    }
    assert refused(wrong) == sorted(wrong)


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"proxies": "6", "base_url": "register.example"}, ["base_url", "proxies"]),
        ({"colour": "red", "base_url": "register.example"}, ["base_url", "colour"]),
        (PRODUCTION | {"secret_key": "short", "session_hours": "acht"}, ["secret_key", "session_hours"]),
        (SIGN_IN | {"demo": "false", "staff_issuer": "", "colour": "red"}, ["colour", "staff_issuer"]),
    ],
)
def test_a_wrong_value_does_not_hide_what_is_wrong_in_combination(settings: dict[str, str], names: list[str]) -> None:
    assert refused(settings) == names


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("demo", "true"),
        ("secret_key", "s" * 31),
        ("secret_key", ""),
        ("database_url", ""),
        ("base_url", "http://register.example"),
        ("base_url", ""),
        ("mail_server", ""),
        ("mail_from", ""),
        *((name, "") for name in SIGN_IN),
    ],
)
def test_production_refuses_each_unsafe_or_missing_setting_by_name(name: str, value: str) -> None:
    assert name in refused(PRODUCTION | {name: value})


def test_a_mail_password_in_the_clear_is_refused_in_production() -> None:
    clear = PRODUCTION | {"mail_user": "register", "mail_password": "geheim", "mail_encryption": "none"}
    assert refused(clear) == ["mail_encryption"]
    assert load_settings(environ(clear | {"mail_encryption": "tls"})).mail_user == "register"


def test_an_empty_production_names_everything_it_needs() -> None:
    assert refused({"profile": "production"}) == sorted(
        {"secret_key", "database_url", "base_url", "mail_server", "mail_from", *SIGN_IN}
    )


def test_sqlite_in_production_is_possible_but_only_by_name() -> None:
    named = PRODUCTION | {"database_url": "sqlite:////srv/register.db"}
    assert load_settings(environ(named)).database_url == "sqlite:////srv/register.db"


def test_without_demonstration_issuer_and_client_are_required_for_all_three() -> None:
    assert len(SIGN_IN) == 6
    assert refused({"demo": "false"}) == sorted(SIGN_IN)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"staff_client_auth": "client_secret_basic"}, ["staff_client_secret"]),
        ({"staff_client_auth": "tls_client_auth"}, ["staff_client_auth"]),
        ({"staff_algorithms": "PS256 HS256"}, ["staff_algorithms"]),
        ({"staff_algorithms": "none"}, ["staff_algorithms"]),
        ({"staff_assertion_algorithm": "HS256"}, ["staff_assertion_algorithm"]),
        ({"staff_claims": "roles"}, ["staff_claims"]),
        ({"staff_claims": '{"role": ["roles"]}'}, ["staff_claims"]),
        ({"staff_claims": '{"roles": "realm_access.roles"}'}, ["staff_claims"]),
        ({"staff_claims": '{"roles": []}'}, ["staff_claims"]),
        ({"eherkenning_levels": '{"EH3": "hoog"}'}, ["eherkenning_levels"]),
        ({"eherkenning_levels": '{"EH3": ["loa3"]}'}, ["eherkenning_levels"]),
        ({"teacher_claims_from": "cookie"}, ["teacher_claims_from"]),
        ({"teacher_authorization_endpoint": "https://x.example/a"}, ["teacher_jwks_uri", "teacher_token_endpoint"]),
        (
            {"teacher_authorization_endpoint": "https://x.example/a", "teacher_claims_from": "userinfo"},
            ["teacher_jwks_uri", "teacher_token_endpoint", "teacher_userinfo_endpoint"],
        ),
        ({"teacher_jwks_uri": "ftp://x.example/keys"}, ["teacher_jwks_uri"]),
    ],
)
def test_a_client_that_cannot_work_is_refused_at_the_start(given: dict[str, str], names: list[str]) -> None:
    assert refused(SIGN_IN | {"demo": "false"} | given) == names


def test_a_client_is_described_by_settings_alone() -> None:
    given = {
        "staff_client_auth": "client_secret_post",
        "staff_client_secret": "geheim",
        "staff_algorithms": "ES256 PS256",
        "staff_claims": '{"roles": ["realm_access", "roles"]}',
        "staff_cancel_codes": "access_denied user_cancelled",
    }
    client = load_settings(environ(SIGN_IN | {"demo": "false"} | given)).clients["staff"]
    assert (client.client_auth, client.algorithms) == ("client_secret_post", frozenset({"ES256", "PS256"}))
    assert client.claims == {"name": ("name",), "roles": ("realm_access", "roles"), "email": ("email",)}
    assert client.cancel_codes == {"access_denied", "user_cancelled"}


def test_settings_of_the_tests_and_of_other_programs_are_ignored() -> None:
    others = {"REGISTERUUR_TEST_POSTGRESQL": "x", "REGISTERUURX": "x", "COLOUR": "red", "PROFILE": "staging"}
    assert load_settings(others) == load_settings({})


def test_an_empty_value_counts_as_missing() -> None:
    assert load_settings(environ(dict.fromkeys([*PRODUCTION, "proxies", "demo", "unknown"], ""))) == load_settings({})


@pytest.mark.parametrize(
    "base_url",
    [
        "https://register.example/",
        "https://register.example/register",
        "https://register.example?a=1",
        "https://register.example#a",
        "ftp://register.example",
        "register.example",
        "https://",
        "http://[",
    ],
)
def test_a_base_url_is_scheme_and_host_only(base_url: str) -> None:
    assert refused({"base_url": base_url}) == ["base_url"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"REGISTERUUR_DATABASE_URL": "postgres://x"}, "DATABASE_URL"),
        ({"REGISTERUUR_DATABASE_URL": "foo"}, "DATABASE_URL"),
        ({"REGISTERUUR_STAFF_ISSUER": "login.example"}, "STAFF_ISSUER"),
        ({"REGISTERUUR_STAFF_ISSUER": "http://["}, "STAFF_ISSUER"),
        ({"REGISTERUUR_PROFILE": "production", "REGISTERUUR_STAFF_ISSUER": "http://login.example"}, "STAFF_ISSUER"),
        ({"REGISTERUUR_BASE_URL": "http://127.0.0.1:99999"}, "BASE_URL"),
        ({"REGISTERUUR_LISTEN": "8000"}, "LISTEN"),
    ],
)
def test_an_address_that_cannot_be_read_is_named(given: dict[str, str], name: str) -> None:
    with pytest.raises(WrongSettings, match=f"REGISTERUUR_{name}: "):
        load_settings(given)
