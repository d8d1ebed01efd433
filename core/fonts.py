"""The font step: three small WOFF2 files from the bundled font, under a name of its own as its licence asks."""

from pathlib import Path

import font_source_sans_pro
from fontTools import subset
from fontTools.ttLib import TTFont

from core.config import REPOSITORY

WEIGHTS = ("Regular", "Semibold", "Bold")
TARGET = REPOSITORY / "static" / "fonts"
SYMBOLS = [*range(0x20, 0x180), *range(0x2010, 0x2015), 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026]
SYMBOLS += [0x2039, 0x203A, 0x20AC, 0x2192, 0x2212]
NAMES = {1, 3, 4, 6, 16}  # the records of the name table that hold the family name


def build() -> list[Path]:
    """Write the files; the licence (OFL) forbids the old name on a changed font."""
    TARGET.mkdir(exist_ok=True)
    return [_build(weight) for weight in WEIGHTS]


def _build(weight: str) -> Path:
    source = Path(font_source_sans_pro.__file__).parent / "files" / f"SourceSansPro-{weight}.ttf"
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "liga", "tnum", "lnum", "mark", "ccmp", "locl"]
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=SYMBOLS)
    cutter.subset(font)
    _rename(font)
    target = TARGET / f"{weight}.woff2"
    subset.save_font(font, str(target), options)
    return target


def _rename(font: TTFont) -> None:
    for record in font["name"].names:
        if record.nameID in NAMES:
            text = str(record).replace("Source Sans Pro", "Register Sans").replace("SourceSansPro", "RegisterSans")
            font["name"].setName(text, record.nameID, record.platformID, record.platEncID, record.langID)
