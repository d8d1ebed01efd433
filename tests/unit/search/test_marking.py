import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from search.marking import marked


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("Klassenmanagement voor starters", "klassenm", "<mark>Klassenm</mark>anagement voor starters"),
        ("Klassenmanagement voor starters", "management", "Klassen<mark>management</mark> voor starters"),
        ("Het café & de klas", "cafe klas", "Het <mark>café</mark> &amp; de <mark>klas</mark>"),
        ("De lessen van morgen", "les", "De <mark>lessen</mark> van morgen"),
        ("<script>alert(1)</script>", "alert", "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;"),
        ("Straße", "strasse", "<mark>Straße</mark>"),
        ("Rekenen", "", "Rekenen"),
        ("Rekenen", "?", "Rekenen"),
        ("De kat", "at", "De kat"),
    ],
)
def test_what_answers_is_marked(text: str, question: str, expected: str) -> None:
    assert marked(text, question) == expected


@given(st.text(max_size=60), st.text(max_size=30))
def test_whatever_is_asked_the_text_stays_whole_and_escaped(text: str, question: str) -> None:
    assert marked(text, question).replace("<mark>", "").replace("</mark>", "") == escape(text)
