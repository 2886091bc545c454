"""One metric over time: which points belong together, and what became of it.  No Django request, no database."""

import math
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analysis.compare import Change, Point, Verdict, Way, Why, chain, compare, find_obstacles
from analysis.metrics.spec import Band, MetricSpec
from runform.clips.models import FormCheck
from runform.reports.charts import unit_suffix
from runform.reports.progress.occasions import Occasion
from runform.reports.progress.words import REASONS, VERDICTS, WAYS
from runform.reports.rows import SPECS, number_text, view_label
from runform.reports.scores import signed_text


@dataclass(frozen=True)
class Step:
    """One FormCheck's number.  ``before`` is the place in the trend of the latest one that it can be compared with,
    ``change`` what became of it since; ``start`` the first one of that line.  ``broken`` says why a new line begins
    with it: what keeps it from the one just before."""

    check: FormCheck
    point: Point
    before: int | None
    start: int
    change: Change | None
    broken: tuple[Why, ...]


@dataclass(frozen=True)
class Trend:
    spec: MetricSpec
    band: Band | None
    steps: tuple[Step, ...]
    # Running minus the runner's own standing posture, instead of the number itself.
    against_standing: bool = False

    @property
    def name(self) -> str:
        """Unlike that of any other trend of the page."""
        return f"{self.spec.key}-standing" if self.against_standing else self.spec.key

    @property
    def latest(self) -> Step:
        return self.steps[-1]

    @property
    def suffix(self) -> str:
        return unit_suffix(self.spec.unit)

    @property
    def since(self) -> date | None:
        return self.steps[self.latest.before].check.recorded_on if self.latest.before is not None else None

    @property
    def since_start(self) -> Change | None:
        """Against the first of the line, when that is another one than the one before."""
        if self.latest.start in (self.latest.before, len(self.steps) - 1):
            return None
        first = self.steps[self.latest.start].point
        change = compare(first, self.latest.point, self.spec.mdc, self.band)
        return None if change.why else change

    @property
    def start_on(self) -> date:
        return self.steps[self.latest.start].check.recorded_on

    @property
    def tone(self) -> str:
        return tone_of(self.latest.change)

    def value_text(self, value: float) -> str:
        return number_text(value, self.spec.decimals) + self.suffix

    @property
    def latest_text(self) -> str:
        return self.value_text(self.latest.point.value)

    @property
    def verdict_text(self) -> str:
        if self.latest.change is None:
            return _("nothing to compare with")
        return str(VERDICTS[self.latest.change.verdict])

    @property
    def change_text(self) -> str:
        return change_text(self.latest.change, self)

    @property
    def since_start_text(self) -> str:
        return change_text(self.since_start, self)

    @property
    def mdc_text(self) -> str:
        return self.value_text(self.spec.mdc)

    @property
    def lines(self) -> list["Line"]:
        """The table behind the chart, newest first."""
        return [Line(self, step) for step in reversed(self.steps)]

    @property
    def rows(self) -> Iterator[tuple[str, ...]]:
        """The same as cells: date, value, range, since the last comparable one."""
        for line in self.lines:
            check, so = line.step.check, line.verdict or "–"
            if line.broken:
                so = format_html('{} <span class="soft">({})</span>', so, line.broken)
            yield _link(check.code, check.recorded_on, get_language()), line.value, line.interval, so


@dataclass(frozen=True)
class Line:
    trend: Trend
    step: Step

    @property
    def value(self) -> str:
        return self.trend.value_text(self.step.point.value)

    @property
    def interval(self) -> str:
        low, high = (number_text(n, self.trend.spec.decimals) for n in (self.step.point.low, self.step.point.high))
        return _("%(low)s to %(high)s") % {"low": low, "high": high}

    @property
    def view(self) -> str:
        return view_label(self.step.point.view) if self.step.point.view in ("side", "rear", "front") else ""

    @property
    def verdict(self) -> str:
        change = self.step.change
        return f"{VERDICTS[change.verdict]} {change_text(change, self.trend)}".strip() if change else ""

    @property
    def broken(self) -> str:
        return ", ".join(str(REASONS[why]) for why in self.step.broken)


@lru_cache(maxsize=2000)
def _link(code: uuid.UUID, on: date, language: str | None) -> SafeString:
    """Kept, because every trend of a page links to the same FormChecks.  ``language`` is that of the date."""
    return format_html('<a href="{}">{}</a>', reverse("results", args=[code]), date_format(on, "SHORT_DATE_FORMAT"))


def build_trends(occasions: Sequence[Occasion]) -> tuple[Trend, ...]:
    """A trend for every metric that was ever measured; those that changed last come first."""
    trends = [_trend(spec, [one for one in occasions if key in one.points]) for key, spec in SPECS.items()]
    found = [trend for trend in trends if trend is not None]
    return tuple(sorted(found, key=lambda trend: (-(len(trend.steps) > 1), _rank(trend))))


def build_standing(occasions: Sequence[Occasion]) -> tuple[Trend, ...]:
    """How far running departs from the runner's own standing posture, for every metric that was compared with it.

    The errors of the running and of the standing clip come together in each difference, so a change needs more.
    """
    found = []
    for key, spec in SPECS.items():
        points = [(one.check, one.standing[key]) for one in occasions if key in one.standing]
        if points:
            wider = replace(spec, mdc=round(math.sqrt(2) * spec.mdc, 2))
            found.append(_line(wider, spec.standing_band, points, against_standing=True))
    return tuple(found)


def change_text(change: Change | None, trend: Trend) -> str:
    """The difference with its sign, and which way it went; nothing where there is nothing to say."""
    if change is None or change.verdict is Verdict.NOT_COMPARABLE:
        return ""
    difference = signed_text(change.difference, trend.spec.decimals) + trend.suffix
    way = str(WAYS[change.way]) if change.verdict is Verdict.CHANGED else ""
    return f"{difference}, {way}" if way else difference


def tone_of(change: Change | None) -> str:
    if change is None or change.verdict is not Verdict.CHANGED:
        return "none"
    return {Way.NEARER: "ok", Way.FURTHER: "flag"}.get(change.way, "info")


def _trend(spec: MetricSpec, occasions: Sequence[Occasion]) -> Trend | None:
    if not occasions:
        return None
    return _line(spec, _band(occasions[-1], spec.key), [(one.check, one.points[spec.key]) for one in occasions])


def _line(
    spec: MetricSpec, band: Band | None, found: Sequence[tuple[FormCheck, Point]], *, against_standing: bool = False
) -> Trend:
    points = [point for _check, point in found]
    joined, steps = chain(points), list[Step]()
    for now, ((check, _point), before) in enumerate(zip(found, joined, strict=True)):
        start = now if before is None else steps[before].start
        change = None if before is None else compare(points[before], points[now], spec.mdc, band)
        broken = find_obstacles(points[now - 1], points[now]) if now and before is None else ()
        steps.append(Step(check, points[now], before, start, change, broken))
    return Trend(spec, band, tuple(steps), against_standing)


def _band(occasion: Occasion, key: str) -> Band | None:
    band = occasion.results[key].band if key in occasion.results else None
    return Band(ok=tuple(band["ok"]), watch=tuple(band["watch"])) if band else None


def _rank(trend: Trend) -> int:
    """Changed for the worse, changed, everything else in the catalogue's order."""
    return {"flag": 0, "ok": 1, "info": 2}.get(trend.tone, 3)
