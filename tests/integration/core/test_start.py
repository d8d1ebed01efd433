"""What keeps the application from starting, and what a production instance does not have."""

import shutil
from pathlib import Path

import pytest

from tests.databases import migrated_app, settings_for
from wsgi import create_app

PRODUCTION = {
    "profile": "production",
    "secret_key": "x" * 40,
    "base_url": "https://register.example",
    "mail_server": "smtp.example:587",
    "mail_from": "info@register.example",
} | {
    f"{audience}_{part}": "https://login.example"
    for audience in ("eherkenning", "staff", "teacher")
    for part in ("issuer", "client_id")
}


def test_production_has_no_demonstration(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", **PRODUCTION))
    assert not [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/dev")]
    assert "demo" not in app.cli.commands
    assert app.config["SESSION_COOKIE_SECURE"]
    response = app.test_client().get("/zoeken-bestaat-niet")
    assert response.headers["Strict-Transport-Security"]
    assert "Demonstratie" not in response.text


def test_wrong_settings_end_the_process_with_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTERUUR_TYPO", "1")
    monkeypatch.setenv("REGISTERUUR_PROXIES", "veel")
    with pytest.raises(SystemExit, match=r"(?s)PROXIES.*TYPO|TYPO.*PROXIES"):
        create_app()


def test_a_wrong_policy_ends_the_process_with_its_place(tmp_path: Path) -> None:
    shutil.copytree("policies", tmp_path / "policies")
    file = next((tmp_path / "policies").glob("*.toml"))
    file.write_text(file.read_text().replace("days = 42", "days = -1", 1))
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", policies=tmp_path / "policies")
    with pytest.raises(SystemExit, match=r"terms\.validation\.days"):
        create_app(settings)


def test_the_key_of_an_embedded_instance_is_kept_and_private(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    first, second = (create_app(settings_for(tmp_path, url)).secret_key for _ in range(2))
    assert first == second
    assert len(str(first)) > 40
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_an_address_with_the_usual_port_is_not_sent_round_in_a_circle(tmp_path: Path) -> None:
    app = migrated_app(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", base_url="http://127.0.0.1:80")
    response = app.test_client().get("/inloggen/leraar", base_url="http://127.0.0.1")
    assert response.status_code == 503, "nobody signs people in here, but the answer says so"
