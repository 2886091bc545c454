"""Whatever people read went through translation: pages are made in a language whose every text is in brackets."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from analysis.metrics import METRICS
from analysis.metrics.habits import HABITS, KEEP
from runform.coaching import starter
from runform.core.templatetags import runform as tags
from runform.reports.models import PlanItem
from runform.reports.results import build_results, clip_report
from tests.architecture.test_translatable import SAME
from tests.runform.test_accessibility import PAGES, Pages
from tests.runform.world import NAMES, SIDE, World

OPEN, CLOSE = "\u27e6", "\u27e7"
WORD = re.compile(r"[^\W\d_]{3,}")
INLINE = frozenset({"a", "strong"})
READ_ALOUD = ("aria-label", "alt", "title", "placeholder")
UNREAD = frozenset({"script", "style", "svg", "kbd", "code", "title"})
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


class Said(HTMLParser):
    """The texts of a page that people read or hear; those of scripts are handed to them in data attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = [""]
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD:
            self._within.append(tag)
        self._part(tag)
        self.texts += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            self._within.remove(tag)
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag not in INLINE:
            self.texts[0] += "\n"

    def handle_data(self, data: str) -> None:
        # A sentence may go on within a link.
        if not self._within:
            self.texts[0] += data


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    real = translation._trans

    def marked(function: Callable[..., str]) -> Callable[..., str]:
        return lambda *args: f"{OPEN}{function(*args)}{CLOSE}"

    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        monkeypatch.setattr(real, name, marked(getattr(real, name)))
    # What was drawn before the brackets came is not shown.
    monkeypatch.setattr(tags, "_drawn_once", tags._drawn)


def strings(value: Any) -> Iterator[str]:
    """All the texts inside of it."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            yield from strings(getattr(value, one.name))
    elif isinstance(value, Mapping):
        yield from strings(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from strings(one)


def of_the_analyser(world: World) -> Iterator[str]:
    """Its own texts are stored with the numbers, in English, as it wrote them."""
    scores = build_results([clip_report(world.report)]).scores
    yield from strings((METRICS, HABITS, KEEP, json.loads(SIDE.read_text()), [score.reason for score in scores]))


def of_people(world: World) -> set[str]:
    """Names, file names, what a coach or an athlete wrote, or begins with; and the names of time zones."""
    people = [getattr(world, name) for name in NAMES]
    written = [*apps.get_app_config("coaching").get_models(), PlanItem]
    rows: list[Any] = [row for model in written for row in model._default_manager.values()]
    rows += [starter.DRILLS, starter.TIPS]
    names = {part for one in people for part in (one.name, one.email)} | set(strings(rows))
    names |= {
        world.club.name,
        world.squad.name,
        world.saved_view.name,
        world.token.name,
        world.webhook.url,
        "Elsewhere",
        "clip.mp4",
        "new.mp4",
        "UTC",
    }
    return names | {zone.replace("_", " ") for zone in available_timezones()}


def without(line: str, known: list[str]) -> str:
    for one in known:
        if one in line:
            line = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", " ", line)
    return line


def bare(text: str, known: list[str]) -> list[str]:
    """Lines with words outside of the brackets that nobody is known to have written."""
    inner = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
    while (shorter := inner.sub(" ", text)) != text:
        text = shorter
    lines = {" ".join(line.split()) for line in text.splitlines()}
    return sorted(filter(WORD.search, (without(line, known) for line in lines)))


@pytest.mark.parametrize(("person", "pages"), PAGES.items(), ids=[person or "anybody" for person in PAGES])
def test_every_word_on_a_page_was_translated(
    client: Client, world: World, brackets: None, person: str, pages: Pages
) -> None:
    if person:
        client.force_login(getattr(world, person), backend=LOGIN)
    texts = {*SAME, "NPZ"} | set(of_the_analyser(world)) | of_people(world)
    known = sorted({" ".join(one.split()) for one in texts} - {""}, key=lambda one: (len(one), one), reverse=True)
    found = []
    # The library shows what coaches write, parted and joined in lists.
    for name, args in (one for one in pages if one[0] != "library"):
        answer = client.get(reverse(name, args=args(world)))
        assert answer.status_code == 200, name
        said = Said()
        said.feed(answer.content.decode())
        assert said.texts[0].count(OPEN) > 10
        found += [f"{name}: {line}" for text in said.texts for line in bare(text, known)]
    assert found == [], "\n".join(found)


def test_a_bare_word_would_be_found() -> None:
    assert bare(f"{OPEN}Speed {OPEN}of{CLOSE} the belt{CLOSE}: 3 fast, Ann", ["Ann"]) == [": 3 fast,  "]


SENTENCE = re.compile(r"""(?<!Error\()(["`'])(?=[^"`'\n]*[A-Za-z]{2,} [a-z]{2,} )[A-Z][^"`'\n]*\1""")


def test_no_script_holds_a_sentence() -> None:
    own = [path for path in (settings.BASE_DIR / "static/js").rglob("*.js") if "vendor" not in path.parts]
    assert len(own) > 40
    code = {path: re.sub(r"//.*|/\*.*?\*/", "", path.read_text()) for path in own}
    assert [f"{path.name}: {hit.group()}" for path, text in code.items() for hit in SENTENCE.finditer(text)] == []
