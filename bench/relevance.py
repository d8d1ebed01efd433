"""Precision and recall at ten, on a real export of the former register.

The export is the operator's and not ours to hand out: `REGISTERUUR_BENCH_EXPORT` says where it is. A question is
relevant to an offer whose title or description fits the rule beside it; recall counts the titles, up to ten.
Run by `make bench`, or alone.
"""

import csv
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import fmean

from catalogue.importing.markup import seen
from core.texts import folded
from search.document import Document
from search.index import Query
from search.tantivy_index import TantivyIndex

EXPORT = "REGISTERUUR_BENCH_EXPORT"
TODAY, TOP = date(2026, 11, 30), 10
# What somebody would type, half remembered, with an ending, a slip or a part of it; and what the title must hold.
QUESTIONS = {
    "vakdidactiek scheikunde": r"vakdidactiek scheikunde",
    "didactiek": r"didacti",
    "didactiek wiskunde": r"didactiek wiskunde",
    "vak didactiek duits": r"vakdidactiek duits",
    "kunst didactiek": r"didactiek kunst",
    "geschiedenis": r"geschiedenis",
    "geschiedenis middeleeuwen": r"geschiedenis.*middeleeuwen",
    "kunstgeschiedenis": r"kunstgeschiedenis",
    "stages": r"stage\b",
    "bachelorstage islam": r"bachelorstage islam",
    "taal": r"\btaal",
    "taalverwerving turks": r"taalverwerving.*turks",
    "religie": r"religie",
    "religiewetenschap": r"religiewetenschap",
    "wetenschap": r"wetenschap",
    "oorlog": r"oorlog",
    "linguistiek": r"linguistiek",
    "pedagogische": r"pedagogi",
    "toetsen": r"toets",
    "duurzaamheid": r"duurzaamheid",
    "lerarengedrag": r"leraarsgedrag",
    "schrijven": r"schrijf",
    "filosofie": r"filosofie",
    "godsdienst": r"godsdienst",
    "vakdidaktiek muziek": r"vakdidactiek muziek",
    "natuurkunde vakdid": r"vakdidactiek natuurkunde",
    "arabisch": r"arabisch",
    "epidemiology": r"epidemiology",
    "soil physics": r"soil physics",
    "nutrition brain": r"nutrition and the brain",
    "plant phisiology": r"plant physiology",
    "food quality": r"food quality",
    "machine learning": r"machine learning",
    "msc thesis economics": r"msc thesis.*economics",
}


def main() -> None:
    """Print both, and the questions that are not answered as they should be."""
    name = os.environ.get(EXPORT, "")
    if not name:
        print(f"Precision and recall: {EXPORT} names no export, so there is nothing to judge.")
        return
    documents = list(_documents(Path(name)))
    with tempfile.TemporaryDirectory() as folder:
        index = TantivyIndex(Path(folder))
        index.replace_all(documents)
        judged = [_judge(index, documents, question, rule) for question, rule in QUESTIONS.items()]
    precision, recall = (fmean(values) for values in zip(*judged, strict=True))
    print(
        f"{len(documents)} offers, {len(QUESTIONS)} questions: precision {precision:.2f}, recall {recall:.2f} at {TOP}"
    )


def _judge(index: TantivyIndex, documents: Sequence[Document], question: str, rule: str) -> tuple[float, float]:
    titled = {one.id for one in documents if re.search(rule, folded(one.title))}
    right = titled | {one.id for one in documents if re.search(rule, folded(one.description))}
    found = index.search(Query(question, TODAY, 1, TOP)).ids
    precision = len(right.intersection(found)) / len(found) if found else 0.0
    recall = len(titled.intersection(found)) / min(len(titled), TOP)
    if min(precision, recall) < 1:
        print(f"  {question!r}: precision {precision:.2f}, recall {recall:.2f} of {len(titled)}")
    return precision, recall


def _documents(export: Path) -> Iterator[Document]:
    with export.open(encoding="utf-8-sig", newline="") as file:
        for id_, row in enumerate(csv.DictReader(file, delimiter=";"), start=1):
            yield Document(
                id=id_,
                title=seen(row["titel"]),
                provider=row["aanbieder"],
                subject=row["vakgebied"],
                facts=row["type"],
                description=seen(row["omschrijving"]),
            )


if __name__ == "__main__":
    main()
