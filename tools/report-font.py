#!/usr/bin/env python3
"""Makes the font of PDF reports: a part of Noto Sans CJK's Korean face.

    python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools
    apt-get install fonts-noto-cjk
    /tmp/fonts/bin/python tools/report-font.py

It is run by hand, when the font changes. What it writes is committed, so that neither a build nor a test
needs Python or the package of the fonts. It keeps what names and reports are written in: all 11,172 Hangul
syllables and their letters, Latin with its accents, Greek, Cyrillic, kana, and the symbols that reports use.
Layout tables and hints go: the text is set letter by letter.
"""

import argparse
import pathlib

from fontTools import subset
from fontTools.ttLib import TTCollection

SOURCE = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
TARGET = pathlib.Path(__file__).parent.parent / "crates/render/assets/NotoSansKR-Regular.otf"
FACE = "Noto Sans CJK KR"
RANGES = [
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin with accents
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x2010, 0x2027),  # dashes, quotes, bullets
    (0x2030, 0x205E),
    (0x20A0, 0x20BF),  # currencies
    (0x2190, 0x2199),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x2500, 0x25FF),  # boxes, blocks, shapes
    (0x3000, 0x303F),  # punctuation of East Asia
    (0x3040, 0x30FF),  # kana
    (0x3131, 0x318E),  # letters of Hangul
    (0xAC00, 0xD7A3),  # syllables of Hangul
    (0xFF01, 0xFF5E),  # full width
    (0xFFE0, 0xFFE6),
]
# A PDF and this file must be the same bytes on every run: the time of the subset is not in it.
OPTIONS = dict(
    layout_features=[],
    hinting=False,
    desubroutinize=False,
    name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
    name_languages=[0x0409],
    notdef_outline=True,
    recalc_timestamp=False,
    drop_tables=["BASE", "GPOS", "GSUB", "GDEF", "VORG", "vhea", "vmtx", "DSIG"],
)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", default=SOURCE)
    parser.add_argument("--target", default=TARGET, type=pathlib.Path)
    arguments = parser.parse_args()

    collection = TTCollection(arguments.source)
    names = [font["name"].getDebugName(4) for font in collection.fonts]
    font = collection.fonts[names.index(f"{FACE} Regular" if f"{FACE} Regular" in names else FACE)]
    options = subset.Options(**OPTIONS)
    options.notdef_glyph = True
    subsetter = subset.Subsetter(options)
    characters = {code for first, last in RANGES for code in range(first, last + 1)}
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    arguments.target.parent.mkdir(parents=True, exist_ok=True)
    font.save(arguments.target)
    print(f"{arguments.target}: {arguments.target.stat().st_size:,} bytes, {len(font.getGlyphOrder()):,} glyphs")


if __name__ == "__main__":
    main()
