"""What the pages say, as plain texts: the same rows as the results page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from runform.clips.models import FormCheck
from runform.clips.pain import pain_advice
from runform.core.templatetags.runform import speed
from runform.reports.charts import unit_suffix
from runform.reports.curves import curves_of
from runform.reports.exports.pdf.words import GRADES, STATUSES, page_words
from runform.reports.models import AnnotatedFrame
from runform.reports.page import hold_back
from runform.reports.published import PublishedReview, published_review
from runform.reports.results import ClipReport, Finding, Results, build_results
from runform.reports.rows import MetricRow
from runform.reports.scores import ScoreCard

CHARTS_OF_A_CLIP = 6
# A note of a thousand words is not for a cover.
NOTE_CHARS = 600


@dataclass(frozen=True)
class Content:
    """``texts`` can be written as JSON; ``pictures`` are named there by their keys."""

    texts: Mapping[str, Any]
    pictures: Mapping[int, AnnotatedFrame]


def build_content(check: FormCheck, reports: Sequence[ClipReport], *, speed_unit: str, now: datetime) -> Content:
    pain = pain_advice(check)
    results = hold_back(build_results(reports), pain)
    found = [*results.to_work_on]
    pictures = {finding.frame.pk: finding.frame for finding in found if finding.frame}
    texts = {
        "words": page_words(),
        "athlete": str(check.athlete),
        "date": date_format(check.recorded_on, "DATE_FORMAT"),
        "made": date_format(now, "DATE_FORMAT"),
        "facts": _facts(check, reports, speed_unit),
        "note": check.note[:NOTE_CHARS],
        "review": _review(published_review(check)),
        "see_first": bool(pain.see_first),
        "refused": [_refusal(report) for report in reports if report.refused],
        "limits": [check["message"] for report in reports if not report.refused for check in report.warnings],
        "work": [_finding(finding) for finding in found],
        "good": [
            {"title": one.title, "value": f"{one.row.label}: {one.row.value}{one.row.suffix}"} for one in results.good
        ],
        "scores": [_score(card) for card in results.scores],
        "groups": [{"label": group.label, "rows": [_row(row) for row in group.rows]} for group in results.groups],
        "clips": [_clip(report) for report in reports if not report.refused and report.report.waveforms],
        "missing": [
            {"reason": gap.reason, "metrics": ", ".join(row.label for row in gap.rows)} for gap in results.missing
        ],
        "definitions": [_definition(row) for row in _measured(results)],
        "version": " · ".join(sorted({_version(report) for report in reports})),
    }
    return Content(texts, pictures)


def _facts(check: FormCheck, reports: Sequence[ClipReport], speed_unit: str) -> list[list[str]]:
    facts = [
        (_("Surface"), str(check.get_surface_display())),
        (_("Speed"), speed(check.speed_mps, speed_unit)),
        (_("Incline"), f"{check.incline_pct:g} %" if check.incline_pct else ""),
        (_("Shoes"), check.shoes),
        (_("Clips"), ", ".join(dict.fromkeys(report.view_label for report in reports))),
    ]
    return [[name, value] for name, value in facts if value]


def _review(review: PublishedReview | None) -> Mapping[str, Any] | None:
    """What the coach published; None: the report is automatic."""
    if review is None:
        return None
    day = date_format(timezone.localtime(review.published_at), "DATE_FORMAT")
    by = _("Reviewed by %(coach)s, %(day)s") if review.coach else _("Reviewed by a coach, %(day)s")
    return {
        "by": by % {"coach": review.coach, "day": day},
        "message": review.message,
        "tips": [*map(asdict, review.tips)],
    }


def _refusal(report: ClipReport) -> Mapping[str, Any]:
    reasons = [check["message"] for check in report.warnings if check["verdict"] == "fail"]
    return {"clip": report.clip.original_name, "reasons": reasons}


def _finding(finding: Finding) -> Mapping[str, Any]:
    tip, row = finding.tip or {}, finding.row
    return {
        "title": finding.title,
        "picture": finding.frame.pk if finding.frame else None,
        "caption": finding.frame.caption if finding.frame else "",
        "cue": tip.get("cue", ""),
        "held_back": finding.held_back,
        "drills": [[drill["name"], drill["dose"]] for drill in tip.get("drills", [])],
        "why": tip.get("why", ""),
        "source": tip.get("source", ""),
        **_row(row),
    }


def _row(row: MetricRow) -> Mapping[str, Any]:
    bar = row.bar
    return {
        "label": row.label,
        "value": f"{row.value}{row.suffix}",
        "interval": _("%(low)s to %(high)s") % {"low": row.low, "high": row.high},
        "band": row.band_text,
        "status": row.status or "info",
        "status_text": str(STATUSES.get(row.status, "")),
        "grade": str(GRADES.get(row.result.grade, "")),
        "view": row.view_label,
        "bar": None
        if bar is None
        else {
            "zones": [[zone.status, zone.x_pct, zone.width_pct] for zone in bar.zones],
            "low": bar.low_pct,
            "high": bar.high_pct,
            "value": bar.value_pct,
        },
    }


def _score(card: ScoreCard) -> Mapping[str, Any]:
    interval = _("%(low)s to %(high)s") % {"low": card.low, "high": card.high} if card.value else ""
    return {
        "label": card.spec.label,
        "value": card.value,
        "interval": interval,
        "covered": _("from %(n)d of 100 points") % {"n": card.covered} if card.value else card.reason,
    }


def _clip(report: ClipReport) -> Mapping[str, Any]:
    shown = [
        {
            **{key: curve.waveform[key] for key in ("label", "mean", "sd")},
            "unit": unit_suffix(curve.waveform["unit"]).strip(),
        }
        for curve in curves_of(report.report, report.metrics)
        if None not in (*curve.waveform["mean"], *curve.waveform["sd"])
    ]
    return {"view": report.view_label, "charts": shown[:CHARTS_OF_A_CLIP]}


def _definition(row: MetricRow) -> Mapping[str, str]:
    spec = row.spec
    return {
        "label": row.label,
        "definition": spec.definition if spec else "",
        "sign": spec.sign if spec else "",
        "errors": spec.errors if spec else "",
        "note": row.result.note,
    }


def _measured(results: Results) -> Iterable[MetricRow]:
    return (row for group in results.groups for row in group.rows)


def _version(report: ClipReport) -> str:
    own = report.report
    return f"{own.analysis_version} ({own.model_sha256[:8]}, {own.parameters_sha256[:8]})"
