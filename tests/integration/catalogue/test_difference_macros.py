import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask, get_template_attribute

from catalogue.differences import differences
from tests.world import COMPLETE, POLICY

TEXTS = [
    ("De oude tekst.", "De nieuwe tekst."),
    ("een\n  twee\n\ndrie", "een\ntwee\n\n\nvier <b>vet</b> & meer"),
    ("\n".join(map(str, range(40))), "\n".join(["begin", *map(str, range(40)), "eind"])),
    ("", "Nieuw"),
    ("Weg", ""),
]


def written(html: str) -> list[str]:
    """The texts as somebody would copy them: without what is only read aloud."""
    blocks = re.findall(r'<div class="words">(.*?)</div>', html, re.DOTALL)
    return [unescape(re.sub(r"<span class=\"sr-only\">.*?</span>|<[^>]+>", "", block)) for block in blocks]


@pytest.mark.parametrize(("before", "after"), TEXTS)
def test_side_by_side_both_texts_stand_whole(app: Flask, before: str, after: str) -> None:
    found = differences(replace(COMPLETE, goal=before), replace(COMPLETE, goal=after), POLICY)
    html = get_template_attribute("differences.html", "side_by_side")(found, "Bewaard", "Van u")
    assert written(html) == [text for text in (before, after) if text]
    assert html.index("Bewaard") < html.index("Van u")
    assert ("Leeg" in html) is not bool(before and after)


@pytest.mark.parametrize(("before", "after"), TEXTS)
def test_a_row_marks_what_went_and_what_came(app: Flask, before: str, after: str) -> None:
    found = differences(replace(COMPLETE, goal=before), replace(COMPLETE, goal=after), POLICY)
    html = get_template_attribute("differences.html", "difference_rows")(found)
    kinds = {kind for kind, _ in found[0].pieces}
    assert ("<del" in html, "<ins" in html) == ("removed" in kinds, "added" in kinds)
    assert html.count("verwijderd: ") == html.count("<del")
    assert html.count("toegevoegd: ") == html.count("<ins")
    assert ("regels gelijk" in html) is (len(before) > 100)


def test_an_empty_line_that_came_or_went_can_be_seen_and_heard(app: Flask) -> None:
    found = differences(replace(COMPLETE, goal="een\ntwee"), replace(COMPLETE, goal="een\n\ntwee"), POLICY)
    html = get_template_attribute("differences.html", "difference_rows")(found)
    assert '<ins class="blank"><span class="sr-only">toegevoegd: witruimte</span>\n</ins>' in html


def test_lines_that_came_stand_below_the_lines_they_replace(app: Flask) -> None:
    found = differences(replace(COMPLETE, goal="aap\nnoot"), replace(COMPLETE, goal="boom\nroos\nvis"), POLICY)
    html = get_template_attribute("differences.html", "difference_rows")(found)
    assert "noot</del><br><ins>" in html
    short = differences(replace(COMPLETE, goal="aap"), replace(COMPLETE, goal="boom"), POLICY)
    assert "<br>" not in get_template_attribute("differences.html", "difference_rows")(short)
