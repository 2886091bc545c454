"""Every word that people read can be translated."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
BLOCKS = re.compile(r"{%\s*blocktranslate.*?endblocktranslate\s*%}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)
TAGS = re.compile(
    r"{%.*?%}|{{.*?}}|{#.*?#}|<script.*?</script>|<pre.*?</pre>|<code.*?</code>|<style.*?</style>|<!--.*?-->", re.DOTALL
)
READ = re.compile(r"""\s(?:aria-label|aria-valuetext|alt|title|placeholder)=["']([^"']*)["']""")
WORD = re.compile(r"[^\W\d_]{2,}")
# Names, keys of the keyboard and signs are the same in every language; so is what a program reads (<code>).
SAME = frozenset(
    {
        "RunForm",
        "Home",
        "End",
        "Shift",
        "Esc",
        "Enter",
        "Ctrl",
        "fps",
        "px",
        "nbsp",
        "lt",
        "gt",
        "amp",
        "cm",
        "kg",
        "FormCheck",
        "PDF",
        "ZIP",
        "MP",
        "PNG",
        "CSV",
        "JSON",
        "TRC",
    }
)


def untranslated(template: str) -> list[str]:
    """Words of a template that stand outside of the translation tags."""
    text = TAGS.sub(" ", BLOCKS.sub(" ", template))
    said = READ.findall(text)
    seen = re.sub(r"<[^>]*>", " ", text)
    return [word for part in (seen, *said) for word in WORD.findall(part) if word not in SAME]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_word_of_a_template_stands_outside_of_translation(path: Path) -> None:
    assert untranslated(path.read_text()) == []


def test_the_rule_finds_a_bare_word() -> None:
    assert untranslated('<p title="Hover">{% translate "Hello" %} there {{ name }}</p>') == ["there", "Hover"]


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_the_words_can_be_collected_without_a_complaint(tmp_path: Path) -> None:
    for name in ("runform", "templates", "analysis"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "locale").mkdir()
    command = [sys.executable, "manage.py", "makemessages", "-l", "en", "--no-obsolete"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()
    words = (tmp_path / "locale/en/LC_MESSAGES/django.po").read_text()
    assert words.count("msgid") > 500
