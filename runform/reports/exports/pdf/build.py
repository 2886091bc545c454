"""Sets the pages: what `content` says, by the rules of report.typ."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from runform.clips.models import FormCheck
from runform.reports.exports.pdf.content import Content, build_content
from runform.reports.models import AnnotatedFrame
from runform.reports.results import ClipReport

HERE = Path(__file__).parent
TEMPLATE = "report.typ"


def check_pdf(check: FormCheck, reports: Sequence[ClipReport], *, speed_unit: str, now: datetime) -> bytes:
    return set_pages(build_content(check, reports, speed_unit=speed_unit, now=now))


def set_pages(content: Content) -> bytes:
    return typeset(HERE / TEMPLATE, content.texts, content.pictures.values())


def typeset(template: Path, texts: Mapping[str, Any], pictures: Iterable[AnnotatedFrame] = ()) -> bytes:
    """The typesetter reads nothing but a folder of this report's own, and the typefaces."""
    with tempfile.TemporaryDirectory(prefix="pdf-") as name:
        folder = Path(name)
        shutil.copy(template, folder / template.name)
        _write_pictures(pictures, folder)
        (folder / "content.json").write_text(json.dumps(texts, ensure_ascii=False))
        pages = typst.compile(folder / template.name, root=folder, font_paths=font_folders(), format="pdf")
    assert isinstance(pages, bytes)
    return pages


def font_folders() -> list[Path]:
    """The project's own face, and one with the letters of more languages where a library has brought it along."""
    found = find_spec("matplotlib")
    more = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" if found and found.origin else None
    return [HERE / "fonts", *([more] if more and more.is_dir() else [])]


def _write_pictures(frames: Iterable[AnnotatedFrame], folder: Path) -> None:
    for frame in frames:
        with frame.image.open("rb") as source, (folder / f"{frame.pk}.jpg").open("wb") as target:
            shutil.copyfileobj(source, target)
