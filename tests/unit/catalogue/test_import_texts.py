import re
import time

import ftfy
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.importing.texts import one_line, plain_text

WORDS = st.text("abcdé ,.&", min_size=1, max_size=8)
TAGS = ["p", "div", "b", "ul", "li", "table", "td", "h2", "span", "blockquote", "P", "o:p"]
ATTRIBUTES = ["", " class='x'", ' onclick="alert(1)"', " style=color:red", " hidden"]
pieces = st.one_of(
    WORDS,
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.sampled_from(["<br>", "<br/>", "<hr>", "<!-- weg -->", "<script>weg()</script>", "<style>weg{}</style>"]),
    st.sampled_from(["<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "&eacute;", "&nbsp;", "\r\n"]),
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<p>Een</p><p>Twee</p>", "Een\n\nTwee"),
        ("<div>Een</div><div>Twee</div>", "Een\nTwee"),
        ("Een<br>Twee<br/>Drie", "Een\nTwee\nDrie"),
        ("<P>Een\n   zin</P>", "Een zin"),
        ("Doel:<ul><li>kijken</li><li>doen</li></ul>Klaar", "Doel:\n- kijken\n- doen\nKlaar"),
        ("<ul><li>kijken<ul><li>goed</li></ul></li><li>doen</li></ul>", "- kijken\n- goed\n- doen"),
        ("<ul><li>a<ul><li>b<ul><li>c<ul><li>d</li></ul></li></ul></li></ul></li></ul>", "- a\n- b\n- c\n- d"),
        ("<ol><li>kijken</li><li>doen</li></ol>", "1. kijken\n2. doen"),
        ("<ol><li>a<ol><li>b</li></ol></li><li>c</li></ol><ul><li>d</ul>", "1. a\n1. b\n2. c\n- d"),
        ("<p>Doel:</p>\n<ul><li></li><li><p>a</p></li><li><p>b</p></li></ul><li>c", "Doel:\n- a\n- b\n- c"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><th>c<th>d</table>e", "a b\nc d\ne"),
        ("<pre>een\n  twee</pre>", "een\ntwee"),
        ("<h2>Een</h2>twee<hr>drie", "Een\n\ntwee\ndrie"),
        ("a<b>b</b>c <i> d</i>", "abc d"),
        ("• kijken\n• doen", "- kijken\n- doen"),
        ("\uf0b7 kijken\n▪\tdoen", "- kijken\n- doen"),
        ("• kijken<br>* doen", "- kijken\n- doen"),
        ("* kijken\n* doen", "- kijken\n- doen"),
        ("- kijken\n- doen", "- kijken\n- doen"),
    ],
)
def test_paragraphs_and_lists_are_kept(raw: str, text: str) -> None:
    assert plain_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<script>alert(1)</script>x", "x"),
        ("x<script>if (1 < 2) alert(1)", "x"),
        ("<style>p { color: red }</style><p>x</p>", "x"),
        ("<p onclick=\"alert('a')\" title='b'>x</p>", "x"),
        ("<a href='https://evil.example'>x</a>", "x"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("<svg/onload=alert(1)>", ""),
        ("<a title='a > b' href=x>x</a>", "x"),
        ("<p class=foo's>x</p>", "x"),
        ('<?xml version="1.0" encoding="utf-8"?><!DOCTYPE p><p>x</p>', "x"),
        ("a<div style='Display : None'>b<div>c</div>d</div>e", "ae"),
        ("<p style='display:none'>wie dit ziet, mist niets</p>", "wie dit ziet, mist niets"),
        ("<title>weg</title><template>weg</template>x", "x"),
        ("<!-- weg -->x", "x"),
        ("<!-- weg -->", ""),
        ("<p></p>", ""),
        ("<td>", ""),
    ],
)
def test_what_a_reader_never_saw_is_gone(raw: str, text: str) -> None:
    assert plain_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("caf&eacute; &amp; thee", "café & thee"),
        ("<p>caf&eacute;&nbsp;&amp;&nbsp;thee</p>", "café & thee"),
        ("<b>5 &lt; 6</b>", "5 < 6"),
        ("&#8364; 5", "€ 5"),
        ("klas\u200bsen\u200cmanage\u2060ment\ufeff", "klassenmanagement"),
        ("\ufeffTitel", "Titel"),
        ("<p>over\u00adstap</p>", "overstap"),
        ("een\xa0twee\tdrie   vier", "een twee drie vier"),
        ("cafÃ© met â€˜koffieâ€™", "café met ‘koffie’"),  # noqa: RUF001 -- what a wrong encoding leaves behind
        ("leraar 👩\u200d🏫", "leraar 👩\u200d🏫"),
    ],
)
def test_entities_and_stray_characters_become_what_they_mean(raw: str, text: str) -> None:
    assert plain_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("een\r\ntwee\rdrie\nvier", "een\ntwee\ndrie\nvier"),
        ("een\r\n\r\n\r\n \r\ntwee", "een\n\ntwee"),
        ("  een  \n  twee  ", "een\ntwee"),
        ("", ""),
    ],
)
def test_plain_text_keeps_its_line_ends(raw: str, text: str) -> None:
    assert plain_text(raw) == text


@pytest.mark.parametrize("length", [256, 5_000])
def test_words_in_the_deep_are_not_lost(length: int) -> None:
    assert plain_text("<div>" * length + "diep") == "diep"


def test_a_number_of_thousands_of_digits_stays_what_it_is() -> None:
    text = "&#" + "9" * 5_000 + ";"
    assert plain_text(text) == text


HOSTILE = [
    *("<div>", "<a ", '<a b="', "<!", "<!--", "<script>", "</script", "<script></script", "<li>", "<ol>", "</ul>"),
    *("&", "&#9", "\n", " \n", "* ", "•", "é’", "Ã©", "a\u0301", "<td>x", '<p style="padding-left:99999em">x'),
    *("<div style='display:none'>", "<title ", "<x"),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    def seconds(length: int) -> float:
        text = "<p>" + piece * (length // len(piece))
        before = time.process_time()
        plain_text(text)
        return time.process_time() - before

    assert seconds(200_000) < max(0.1, 40 * min(seconds(20_000) for _ in range(3)))


@pytest.mark.parametrize(
    "text",
    ["a < b", "a <b", "3<4 en 5>4", "x <- y", "<3", "a < b en c > d", "2 * 3", "Een *sterk* punt", "o ja", "-5 graden"],
)
def test_plain_text_that_only_looks_like_markup_survives(text: str) -> None:
    assert plain_text(text) == text


def test_a_less_than_sign_survives_beside_markup() -> None:
    assert plain_text("a < b en <i>c</i>") == "a < b en c"


@pytest.mark.parametrize("text", ["*Let op* neem een laptop mee", "**Doel** rust in de klas"])
def test_a_star_that_is_no_list_mark_is_no_list(text: str) -> None:
    assert plain_text(text) == text


@given(st.lists(pieces, max_size=20).map("".join))
def test_no_tag_of_real_markup_is_left(markup: str) -> None:
    text = plain_text(f"<div>{markup}</div>")
    assert not re.search("[<>]|alert|weg|class=", text)


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_no_word_of_a_reader_is_lost(words: list[str]) -> None:
    markup = "".join(f"<p>{word.replace('&', '&amp;')}</p>" for word in words)
    assert plain_text(markup).split() == " ".join(words).split()


@given(st.text("ab <>/&;!-*•\n\r\t\x00\u200bpé", max_size=40))
def test_any_text_can_be_read_and_is_tidy(raw: str) -> None:
    lines = plain_text(raw).split("\n")
    assert all(line == line.strip() and "  " not in line for line in lines)
    assert all(line or following for line, following in zip(["", *lines], lines, strict=False) if len(lines) > 1)


@given(st.text("aZé.ëïÉ’€ –\n1", max_size=30))
@example("café’s")
@example("voilà dat")
def test_what_a_wrong_encoding_left_behind_is_always_noticed(text: str) -> None:
    try:
        damaged = text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return
    if ftfy.fix_text(damaged, uncurl_quotes=False) == text:
        assert plain_text(damaged) == plain_text(text)


def test_a_title_has_no_line_ends() -> None:
    assert one_line("<p>Een</p>\n<p>lange&nbsp; titel</p>") == "Een lange titel"
