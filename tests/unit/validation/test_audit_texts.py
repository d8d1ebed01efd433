"""The audit trail in words for the bureau."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from validation.audit_labels import JOBS
from validation.audit_texts import accounts_in, result_in_words, thing_in_words, told, who_did

NAMES = {"staff:::jansen": "R. Jansen", "eherkenning:90100011::a": "Medewerker 1"}
REQUIREMENTS = {"kvk": "Ingeschreven in het Handelsregister"}


def entry(action: str, actor: str = "test", **data: Any) -> SimpleNamespace:
    return SimpleNamespace(action=action, actor=actor, data=json.dumps(data, sort_keys=True))


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("staff:::jansen", "R. Jansen"),
        ("eherkenning:90100011::a", "Medewerker 1"),
        ("staff:::3f8a2c1e-90aa-4d2b", "Iemand van het register (3f8a2c1e…)"),
        ("eherkenning:90100011:000012345678:urn:x:y-and-more", "Iemand van een aanbieder (urn:x:y-…)"),
        ("teacher:::devries", "Een leraar (devries…)"),
        ("contact", "De contactpersoon"),
        ("operator", "De beheerder van de server"),
        ("worker", "Het register"),
        ("demo", "Het register"),
    ],
)
def test_everybody_is_called_as_well_as_can_be(account: str, expected: str) -> None:
    assert who_did(account, NAMES) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            entry("activity.submit", after="submitted", before="draft", stated="Het klopt."),
            [("Status daarvoor", "Concept"), ("Status daarna", "Ingediend"), ("Verklaring", "Het klopt.")],
        ),
        (
            entry("activity.edit", change_before="", change_after="draft"),
            [("Wijziging daarvoor", "–"), ("Wijziging daarna", "Wijziging in concept")],
        ),
        (
            entry("activity.period", ends_after="2027-02-01", ends_before=None),
            [("Einddatum daarvoor", "–"), ("Einddatum daarna", "1 februari 2027")],
        ),
        (
            entry("case.decided", contact="16", self_study="4.5", number="7K3F9Q2N", policy="eerste"),
            [("Nummer", "7K3F-9Q2N"), ("Contacturen", "16"), ("Zelfstudie-uren", "4,5"), ("Beleid", "eerste")],
        ),
        (entry("case.claimed", before="staff:::jansen"), [("Beoordelaar daarvoor", "R. Jansen")]),
        (entry("case.claimed", before=""), [("Beoordelaar daarvoor", "–")]),
        (entry("activity.moved", before=7), [("Eerst van aanbieder", "7")]),
        (
            entry("provider.number-linked", before="90100011", after="90100022"),
            [("Nummer daarvoor", "90100011"), ("Nummer daarna", "90100022")],
        ),
        (entry("provider.number-released", number="22222222"), [("KvK-nummer", "22222222")]),
        (
            entry("provider.declared", requirement="kvk", set="2026"),
            [("Kwaliteitseis", "Ingeschreven in het Handelsregister"), ("Versie van de eisen", "2026")],
        ),
        (entry("provider.details-checked", changed="name, website"), [("Gewijzigd", "naam, website")]),
        (
            entry("member.role-changed", member=4, ordinal=1, role="editor"),
            [("Medewerker", "1"), ("Kenmerk van de medewerker", "4"), ("Rol", "redacteur")],
        ),
        (
            entry("job.started", kind="import", owner="provider:1"),
            [("Soort", JOBS["import"]), ("Van", "Aanbieder 1")],
        ),
        (entry("later.added", yes=True, no=False, one=1), [("no", "nee"), ("one", "1"), ("yes", "ja")]),
        (entry("session.ended"), []),
        (
            entry("odd", contact="veel", due="ooit", changed=7),
            [("Gewijzigd", "7"), ("Uiterste datum", "ooit"), ("Contacturen", "veel")],
        ),
    ],
    ids=lambda value: value.action if isinstance(value, SimpleNamespace) else "",
)
def test_what_was_noted_is_told_with_its_labels(found: SimpleNamespace, expected: list[tuple[str, str]]) -> None:
    assert told(found, NAMES, REQUIREMENTS) == expected


def test_who_handled_a_case_before_is_somebody_to_name_too() -> None:
    assert accounts_in([entry("case.claimed", "staff:::b", before="staff:::a"), entry("case.asked", "staff:::c")]) == {
        "staff:::a",
        "staff:::b",
        "staff:::c",
    }


@pytest.mark.parametrize(
    ("thing", "expected"),
    [("activity:7", "Activiteit 7: Rekenen"), ("activity:8", "Activiteit 8"), ("case:7", "Zaak 7"), ("account:x", "")],
)
def test_a_thing_is_called_by_kind_number_and_title(thing: str, expected: str) -> None:
    assert thing_in_words(thing, {7: "Rekenen", 8: ""}) == expected


def test_a_result_without_words_is_shown_as_it_is() -> None:
    assert [result_in_words(result) for result in ("done", "rejected", "odd")] == ["Gedaan", "Afgewezen", "odd"]
