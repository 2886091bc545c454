"""The table of a comparison: what changed, what did not, and what cannot be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from django.utils.translation import gettext as _

from analysis.compare import Change, Point, Verdict, Way, compare, find_obstacles
from analysis.metrics.spec import Band, Group, MetricSpec
from runform.reports.charts import unit_suffix
from runform.reports.progress.occasions import Occasion
from runform.reports.progress.words import REASONS, VERDICTS, WAYS
from runform.reports.rows import GROUP_LABELS, SPECS, number_text
from runform.reports.scores import signed_text


@dataclass(frozen=True)
class ChangeRow:
    spec: MetricSpec
    before: Point
    after: Point
    change: Change

    @property
    def suffix(self) -> str:
        return unit_suffix(self.spec.unit)

    @property
    def before_text(self) -> str:
        return number_text(self.before.value, self.spec.decimals) + self.suffix

    @property
    def after_text(self) -> str:
        return number_text(self.after.value, self.spec.decimals) + self.suffix

    @property
    def comparable(self) -> bool:
        return self.change.verdict is not Verdict.NOT_COMPARABLE

    @property
    def difference_text(self) -> str:
        """Nothing is subtracted that cannot be compared."""
        return signed_text(self.change.difference, self.spec.decimals) + self.suffix if self.comparable else ""

    @property
    def mdc_text(self) -> str:
        return number_text(self.change.mdc, self.spec.decimals) + self.suffix

    @property
    def verdict_text(self) -> str:
        return str(VERDICTS[self.change.verdict])

    @property
    def more_text(self) -> str:
        """Which way a change went, or why there is no comparison."""
        if not self.comparable:
            return ", ".join(str(REASONS[why]) for why in self.change.why)
        return str(WAYS[self.change.way]) if self.change.verdict is Verdict.CHANGED else ""

    @property
    def tone(self) -> str:
        """Nearer and further have colours; a change without a band has none: nobody knows whether it is good."""
        ways = {Way.NEARER: "ok", Way.FURTHER: "flag"}
        return ways.get(self.change.way, "info") if self.change.verdict is Verdict.CHANGED else "none"


@dataclass(frozen=True)
class ChangeGroup:
    label: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class Comparison:
    groups: tuple[ChangeGroup, ...]
    only_before: tuple[MetricSpec, ...]
    only_after: tuple[MetricSpec, ...]

    @property
    def rows(self) -> list[ChangeRow]:
        return [row for group in self.groups for row in group.rows]

    @property
    def changed(self) -> list[ChangeRow]:
        return [row for row in self.rows if row.change.verdict is Verdict.CHANGED]

    @property
    def n_comparable(self) -> int:
        return sum(row.comparable for row in self.rows)

    @property
    def headline(self) -> str:
        if not self.n_comparable:
            return _("These two cannot be compared by their numbers.")
        if not self.changed:
            return _("No number changed by more than its noise.")
        return _("%(n)d of %(all)d comparable numbers changed.") % {"n": len(self.changed), "all": self.n_comparable}


def build_comparison(before: Occasion, after: Occasion) -> Comparison:
    both = [key for key in SPECS if key in before.points and key in after.points]
    rows = [_change_row(SPECS[key], before, after) for key in both]
    groups = (ChangeGroup(str(GROUP_LABELS[group]), tuple(_of(rows, group))) for group in Group)
    return Comparison(
        tuple(group for group in groups if group.rows),
        _only(before.points, after.points),
        _only(after.points, before.points),
    )


def _change_row(spec: MetricSpec, before: Occasion, after: Occasion) -> ChangeRow:
    """From the best clip of each; when these cannot be compared, from clips that can."""
    pairs = list(product(before.all_points(spec.key), after.all_points(spec.key)))
    one, other = next((pair for pair in pairs if not find_obstacles(*pair)), pairs[0])
    return ChangeRow(spec, one, other, compare(one, other, spec.mdc, band_of(after, spec.key)))


def band_of(occasion: Occasion, key: str) -> Band | None:
    """The borders that held for this runner and speed."""
    band = occasion.results[key].band if key in occasion.results else None
    return Band(ok=tuple(band["ok"]), watch=tuple(band["watch"])) if band else None


def _of(rows: list[ChangeRow], group: Group) -> list[ChangeRow]:
    return [row for row in rows if row.spec.group is group]


def _only(these: Mapping[str, Point], others: Mapping[str, Point]) -> tuple[MetricSpec, ...]:
    return tuple(SPECS[key] for key in SPECS if key in these and key not in others)
