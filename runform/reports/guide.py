"""The public pages: what is measured, how well, and how to film it.  Texts of a metric come from its spec."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from analysis.accuracy import Accuracy, AccuracyRecord, load_accuracy
from analysis.metrics.spec import Advice, Band, Grade, Group, MetricSpec
from analysis.types import ViewName
from runform.reports.charts import Border, unit_suffix
from runform.reports.figures import DRAWINGS, Drawing
from runform.reports.rows import GROUP_LABELS, SPECS, VIEW_LABELS, border_text, number_text

GRADE_WORDS = {
    Grade.A: _("Measured well"),
    Grade.B: _("Measured, read with care"),
    Grade.C: _("A hint only, never flagged"),
    Grade.X: _("Cannot be seen"),
}
GRADE_REASONS = {
    Grade.A: _("It lies across the picture, and what is known of its error is small against the band."),
    Grade.B: _("It can be seen, with an error that matters: the range is wider."),
    Grade.C: _("An experiment: the number is shown, but nothing is concluded from it."),
    Grade.X: _("From there it moves towards and away from the camera, or is hidden: the picture does not show it."),
}
# No clip gives these yet, whatever the view: one camera does not tell where the runner points on average.
NOT_YET = frozenset({"hip_facing", "shoulder_hip_offset"})


@dataclass(frozen=True)
class ViewGrade:
    view: str
    view_label: str
    grade: str
    words: str
    reason: str


@dataclass(frozen=True)
class BandText:
    """A band in words, and for whom it holds; one speed where the borders move with it."""

    ok: str
    watch: str
    flag: str
    speeds: tuple[float, float]
    sex: str


@dataclass(frozen=True)
class AccuracyText:
    """The measured error in one view; without ``mean_error`` no clip gave a number."""

    view_label: str
    clips: int
    given: int
    inside: int
    mean_error: str
    largest_error: str
    bias: str


@dataclass(frozen=True)
class MetricCard:
    """What the list of all metrics says of one."""

    spec: MetricSpec
    drawing: Drawing
    views: tuple[ViewGrade, ...]


@dataclass(frozen=True)
class MetricPage:
    spec: MetricSpec
    group_label: str
    unit: str
    drawing: Drawing
    views: tuple[ViewGrade, ...]
    bands: tuple[BandText, ...]
    standing_band: BandText | None
    parts: tuple[tuple[MetricSpec, float], ...]
    advice: tuple[tuple[tuple[str, ...], Advice], ...]
    accuracy: tuple[AccuracyText, ...]
    unchecked: tuple[str, ...]
    too_narrow: tuple[str, ...]
    record: AccuracyRecord
    not_yet: bool


@dataclass(frozen=True)
class ViewGives:
    """What filming from one view gives: the metrics that it measures well, and how many more with care."""

    view: str
    view_label: str
    well: tuple[MetricSpec, ...]
    more: tuple[MetricSpec, ...]


@dataclass(frozen=True)
class FilmView:
    """One of the clips that a FormCheck can hold; the drawings are static/img/film.svg#plan-... and #screen-..."""

    key: str
    label: Promise
    gives: Promise
    steps: tuple[Promise, ...]


FILM_VIEWS = (
    FilmView(
        "side",
        VIEW_LABELS["side"],
        _(
            "Forward lean, shoulder rotation, how the head is carried, bounce, cadence, how the foot lands. "
            "If you film only one clip, film this one."
        ),
        (
            _("Stand the phone square to the treadmill, level with the runner's hips, so that you see one shoulder."),
            _("Choose the side without handrail or display in front of the body."),
            _("Hair tied back: the ear must be seen."),
        ),
    ),
    FilmView(
        "rear",
        VIEW_LABELS["rear"],
        _("Side lean, sway, shoulders, step width; with tape dots also pelvic drop."),
        (
            _("Stand the phone in the middle, straight behind the runner."),
            _("Tuck the shirt in, so that the waist can be seen."),
            _("For the pelvis, wear the belt with two dots: see below."),
        ),
    ),
    FilmView(
        "front",
        VIEW_LABELS["front"],
        _("Shoulders, tilt of the head and arm swing best of all; side lean and sway as from behind."),
        (
            _("Stand the phone in the middle, straight in front, above or beside the display."),
            _("The whole body must be in the picture: a display that hides the legs spoils the clip."),
        ),
    ),
    FilmView(
        "standing",
        VIEW_LABELS["standing"],
        _("Your own upright posture, for comparison: five seconds of standing still."),
        (
            _("Stand sideways to the phone, relaxed, arms hanging, looking ahead."),
            _("Same place, same phone height as the clip from the side."),
        ),
    ),
)


def metric_groups(metrics: Sequence[MetricSpec]) -> list[tuple[str, list[MetricCard]]]:
    groups = [(str(GROUP_LABELS[g]), [_card(spec) for spec in metrics if spec.group is g]) for g in Group]
    return [(label, cards) for label, cards in groups if cards]


def views_give(metrics: Sequence[MetricSpec]) -> tuple[ViewGives, ...]:
    def of(view: ViewName, *grades: Grade) -> tuple[MetricSpec, ...]:
        return tuple(spec for spec in metrics if _grade(spec, view) in grades)

    return tuple(
        ViewGives(str(view), str(VIEW_LABELS[view]), of(view, Grade.A), of(view, Grade.B, Grade.C)) for view in ViewName
    )


def metric_page(spec: MetricSpec) -> MetricPage:
    record = load_accuracy()
    found = record.metrics.get(spec.key, {})
    return MetricPage(
        spec=spec,
        group_label=str(GROUP_LABELS[spec.group]),
        unit=unit_suffix(spec.unit),
        drawing=DRAWINGS[spec.key],
        views=_view_grades(spec),
        bands=tuple(text for band in spec.bands for text in _band_texts(band, spec)),
        standing_band=_band_text(spec.standing_band, spec) if spec.standing_band else None,
        parts=tuple((SPECS[part.key], part.weight) for part in spec.parts),
        advice=_advice(spec),
        accuracy=tuple(_accuracy_text(view, numbers, spec) for view, numbers in found.items() if numbers.given),
        unchecked=tuple(str(VIEW_LABELS[v]) for v in spec.views() if v not in found or not found[v].given),
        too_narrow=tuple(str(VIEW_LABELS[view]) for view, numbers in found.items() if not numbers.holds_often),
        record=record,
        not_yet=spec.key in NOT_YET,
    )


def _card(spec: MetricSpec) -> MetricCard:
    return MetricCard(spec, DRAWINGS[spec.key], _view_grades(spec))


def _view_grades(spec: MetricSpec) -> tuple[ViewGrade, ...]:
    return tuple(_view_grade(spec, view) for view in spec.grades)


def _advice(spec: MetricSpec) -> tuple[tuple[tuple[str, ...], Advice], ...]:
    """Advice with its titles: where both sides ask for the same, it is said once."""
    both = [advice for advice in (spec.advice_high, spec.advice_low) if advice]
    if len({(advice.cue, advice.drills) for advice in both}) == 1:
        return ((tuple(advice.title for advice in both), both[0]),)
    return tuple(((advice.title,), advice) for advice in both)


def _grade(spec: MetricSpec, view: ViewName) -> Grade:
    return Grade.X if spec.key in NOT_YET else spec.grades[view]


def _view_grade(spec: MetricSpec, view: ViewName) -> ViewGrade:
    grade = _grade(spec, view)
    reason = str(GRADE_REASONS[grade])
    if grade is Grade.X and spec.film:
        reason = spec.film
    elif grade is not Grade.X and spec.parts:
        seen = sum(1 for part in spec.parts if _grade(SPECS[part.key], view) is not Grade.X)
        words = {"seen": seen, "all": len(spec.parts)}
        reason = _now("From there at most %(seen)s of the %(all)s metrics that it is made of can be measured.") % words
    return ViewGrade(str(view), str(VIEW_LABELS[view]), str(grade), str(GRADE_WORDS[grade]), reason)


def _accuracy_text(view: str, found: Accuracy, spec: MetricSpec) -> AccuracyText:
    def text(number: float | None) -> str:
        return number_text(number, spec.decimals + 1)

    bias = f"+{text(found.bias)}" if round(found.bias or 0.0, spec.decimals + 1) > 0 else text(found.bias)
    return AccuracyText(
        str(VIEW_LABELS[view]),
        found.clips,
        found.given,
        found.inside,
        text(found.mean_error),
        text(found.largest_error),
        bias,
    )


def _band_texts(band: Band, spec: MetricSpec) -> list[BandText]:
    """One line, or where the borders move with the speed one line for each of three speeds."""
    if not band.times_speed:
        return [_band_text(band, spec)]
    slow, fast = band.speed_mps
    at = [Band(_times(band.ok, v), _times(band.watch, v), (v, v), band.sex) for v in (slow, (slow + fast) / 2, fast)]
    return [_band_text(one, spec) for one in at]


def _times(border: Border, factor: float) -> Border:
    low, high = border
    return (None if low is None else low * factor, None if high is None else high * factor)


def _band_text(band: Band, spec: MetricSpec) -> BandText:
    unit = unit_suffix(spec.unit)
    (ok_low, ok_high), (far_low, far_high) = band.ok, band.watch
    watch: list[Border] = []
    if ok_low is not None and ok_low != far_low:
        watch.append((far_low, ok_low))
    if ok_high is not None and ok_high != far_high:
        watch.append((ok_high, far_high))
    flag: list[Border] = [(None, far_low)] if far_low is not None else []
    flag += [(far_high, None)] if far_high is not None else []
    return BandText(
        ok=border_text(band.ok, spec.decimals, unit),
        watch=_either(watch, spec.decimals, unit),
        flag=_either(flag, spec.decimals, unit),
        speeds=band.speed_mps,
        sex=str(band.sex or ""),
    )


def _either(borders: Sequence[Border], decimals: int, unit: str) -> str:
    """Stretches outside of a band: "below 2° or above 12°"; "never" when there is none."""

    def text(border: Border) -> str:
        low, high = border
        words = {"low": number_text(low, decimals), "high": number_text(high, decimals), "unit": unit}
        if low is None:
            return _now("below %(high)s%(unit)s") % words
        return _now("above %(low)s%(unit)s") % words if high is None else border_text(border, decimals, unit)

    return _now(" or ").join(text(border) for border in borders) or _now("never")
