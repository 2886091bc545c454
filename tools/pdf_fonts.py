"""Make the typefaces of the PDF from those of the pages: ``pip install fonttools brotli; python -m tools.pdf_fonts``.

The typesetter wants one file a weight, and no web font.
"""

from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parents[1]
SOURCE, TARGET = ROOT / "static/vendor/archivo", ROOT / "runform/reports/exports/pdf/fonts"
FAMILIES = {"latin": "Archivo", "latin-ext": "Archivo Ext"}
WEIGHTS = {"Regular": 400, "SemiBold": 600, "Bold": 700}
OLD_NAMES = (16, 17, 21, 22, 25)
WINDOWS = (3, 1, 0x409)


def main() -> None:
    for subset, family in FAMILIES.items():
        for style, weight in WEIGHTS.items():
            font = instantiateVariableFont(TTFont(SOURCE / f"archivo-{subset}.woff2"), {"wght": weight})
            font.flavor = None
            _name(font, family, style)
            font["OS/2"].usWeightClass = weight
            font.save(TARGET / f"{family.replace(' ', '')}-{style}.ttf")


def _name(font: TTFont, family: str, style: str) -> None:
    names = font["name"]
    for number in OLD_NAMES:
        names.removeNames(nameID=number)
    plain = style if style == "Bold" else "Regular"
    new = {1: family, 2: plain, 4: f"{family} {style}", 6: f"{family.replace(' ', '')}-{style}", 16: family, 17: style}
    for number, text in new.items():
        names.setName(text, number, *WINDOWS)


if __name__ == "__main__":
    main()
