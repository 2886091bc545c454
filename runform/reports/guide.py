"""The public pages: what is measured, how well, and how to film it.  Texts of a metric come from its spec."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analysis.metrics.spec import Advice, Band, Grade, Group, MetricSpec
from runform.reports.charts import unit_suffix
from runform.reports.rows import GROUP_LABELS, VIEW_LABELS, border_text

GRADE_WORDS = {
    Grade.A: _("Measured well"),
    Grade.B: _("Measured, read with care"),
    Grade.C: _("A hint only, never flagged"),
    Grade.X: _("Cannot be seen"),
}


@dataclass(frozen=True)
class ViewGrade:
    view: str
    view_label: str
    grade: str
    words: str


@dataclass(frozen=True)
class BandText:
    """A band in words, and for whom it holds."""

    ok: str
    watch: str
    speeds: tuple[float, float]
    sex: str
    times_speed: bool


@dataclass(frozen=True)
class MetricPage:
    spec: MetricSpec
    group_label: str
    unit: str
    views: tuple[ViewGrade, ...]
    bands: tuple[BandText, ...]
    advice: tuple[Advice, ...]


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


def metric_groups(metrics: Sequence[MetricSpec]) -> list[tuple[str, list[MetricPage]]]:
    groups = [(str(GROUP_LABELS[g]), [metric_page(spec) for spec in metrics if spec.group is g]) for g in Group]
    return [(label, pages) for label, pages in groups if pages]


def metric_page(spec: MetricSpec) -> MetricPage:
    return MetricPage(
        spec=spec,
        group_label=str(GROUP_LABELS[spec.group]),
        unit=unit_suffix(spec.unit),
        views=tuple(
            ViewGrade(str(view), str(VIEW_LABELS[view]), str(grade), str(GRADE_WORDS[grade]))
            for view, grade in spec.grades.items()
        ),
        bands=tuple(_band_text(band, spec) for band in spec.bands),
        advice=tuple(advice for advice in (spec.advice_high, spec.advice_low) if advice),
    )


def _band_text(band: Band, spec: MetricSpec) -> BandText:
    return BandText(
        ok=border_text(band.ok, spec.decimals, unit_suffix(spec.unit)),
        watch=border_text(band.watch, spec.decimals, unit_suffix(spec.unit)),
        speeds=band.speed_mps,
        sex=str(band.sex or ""),
        times_speed=band.times_speed,
    )
