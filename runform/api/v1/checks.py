"""FormChecks: list, detail, new, and the results of all their clips together."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status

from analysis.fuse import fuse
from analysis.metrics.spec import Measured, NotMeasured
from runform.accounts.models import User
from runform.api import schemas
from runform.api.access import ApiRequest, needs
from runform.api.once import once
from runform.api.paging import Page, Paging, page_of
from runform.api.problems import ProblemError
from runform.api.scopes import Scope
from runform.api.v1.clips import clip_out, reports_seen
from runform.api.v1.people import person
from runform.clips.models import FormCheck
from runform.clips.pain import pain_advice
from runform.clips.selectors import form_checks_visible_to
from runform.clips.services import EARLIEST_ON, form_check_create
from runform.clubs.audit import record
from runform.clubs.models import Action, Purpose
from runform.clubs.selectors import athletes_coached_by, has_consent
from runform.coaching.selectors.standing import standings_of
from runform.processing.selectors import check_states
from runform.reports.fusing import fusable
from runform.reports.models import MetricResult
from runform.reports.page import hold_back
from runform.reports.policies import may_view_report
from runform.reports.results import ClipReport, Finding, build_results, clip_report
from runform.reports.rows import SPECS, metric_row
from runform.reports.selectors import reports_of

router = Router(tags=["FormChecks"])


class Wanted(Schema):
    athlete: uuid.UUID | None = None
    recorded_from: date | None = None
    recorded_to: date | None = None


@router.get("/formchecks", **needs(Scope.READ_FORMCHECKS), response=Page[schemas.Check], url_name="formchecks")
def formchecks(request: ApiRequest, wanted: Query[Wanted], paging: Query[Paging]) -> dict[str, Any]:
    """Yours and those of the athletes whom you see, the newest first."""
    asked = {"athlete__code": wanted.athlete, "recorded_on__gte": wanted.recorded_from}
    asked["recorded_on__lte"] = wanted.recorded_to
    rows = form_checks_visible_to(request.user)
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    return page_of(request, rows, paging, lambda found: checks_out(request.user, found))


@router.get("/formchecks/{uuid:code}", **needs(Scope.READ_FORMCHECKS), response=schemas.Check, url_name="formcheck")
def formcheck(request: ApiRequest, code: uuid.UUID) -> schemas.Check:
    return checks_out(request.user, [get_object_or_404(form_checks_visible_to(request.user), code=code)])[0]


@router.post(
    "/formchecks",
    **needs(Scope.WRITE_CLIPS, once=True),
    response={201: schemas.Check},
    url_name="formcheck_new",
)
@once
def formcheck_new(request: ApiRequest, said: schemas.CheckIn) -> Status[schemas.Check]:
    """A new FormCheck of yourself, or of an athlete whom you coach."""
    user, fields = request.user, said.dict(exclude={"athlete"})
    if said.recorded_on > timezone.localdate():
        raise ProblemError(422, _("This day is still to come."))
    if said.recorded_on < EARLIEST_ON:
        raise ProblemError(422, _("Please check the date."))
    filmed = user
    if said.athlete and said.athlete != user.code:
        filmed = get_object_or_404(athletes_coached_by(user), code=said.athlete)
    elif not has_consent(user, Purpose.ANALYSIS):
        raise ProblemError(403, _("Nobody has agreed to the analysis of these clips. See your profile."))
    check = form_check_create(athlete=filmed, created_by=user, **fields)
    if filmed != user:
        record(Action.UPLOADED, actor=user, athlete=filmed, thing="check", code=check.code)
    return Status(201, checks_out(user, [check])[0])


@router.get(
    "/formchecks/{uuid:code}/results",
    **needs(Scope.READ_FORMCHECKS),
    response=schemas.Results,
    url_name="formcheck_results",
)
def formcheck_results(request: ApiRequest, code: uuid.UUID) -> schemas.Results:
    """What the results page says: every metric once, what to work on, what is good."""
    check = get_object_or_404(form_checks_visible_to(request.user), code=code)
    newest = list(reports_of(check))
    seen = [clip_report(report) for report in newest if may_view_report(request.user, report)]
    results = hold_back(build_results(seen), pain_advice(check))
    return schemas.Results(
        formcheck=check.code,
        metrics=_metrics([report for report in seen if not report.refused]),
        to_work_on=[_finding(one) for one in results.to_work_on],
        good=[_finding(one) for one in results.good],
        waiting=len(newest) - len(seen),
    )


def checks_out(user: User, checks: Sequence[FormCheck]) -> list[schemas.Check]:
    """A fixed number of queries, however many there are."""
    states, standings = check_states(checks), standings_of(user, checks)
    seen = reports_seen(user, [clip for state in states for clip in state.clips])
    return [
        schemas.Check(
            code=state.check.code,
            athlete=person(state.check.athlete),
            recorded_on=state.check.recorded_on,
            created_at=state.check.created_at,
            surface=state.check.surface,
            speed_mps=state.check.speed_mps,
            incline_pct=state.check.incline_pct,
            shoes=state.check.shoes,
            note=state.check.note,
            state=state.name,
            review=standings[state.check.pk].stage,
            clips=[clip_out(clip, seen) for clip in state.clips],
        )
        for state in states
    ]


def metric_out(result: MetricResult) -> schemas.Metric:
    return schemas.Metric(
        key=result.key,
        label=metric_row(result).label,
        value=result.value,
        low=result.low,
        high=result.high,
        unit=result.unit,
        grade=result.grade,
        status=result.status,
        reason=result.reason,
        note=result.note,
        source=result.source,
        strides=result.strides,
        report=result.report.code,
    )


def _metrics(reports: Sequence[ClipReport]) -> list[schemas.Metric]:
    summary = fuse([fusable(one.report, one.metrics) for one in reports])
    results = [choice.measurement["result"] for choice in summary.metrics]
    single = [metric_out(result) for result in results if result.key not in summary.scores]
    return [_score(key, found) for key, found in summary.scores.items()] * bool(reports) + single


def _score(key: str, found: Measured | NotMeasured) -> schemas.Metric:
    """A composite score of all clips together."""
    spec = SPECS[key]
    measured: Mapping[str, Any] = {"value": None, "low": None, "high": None, "grade": "not_measured"}
    if isinstance(found, Measured):
        measured = {"value": found.value, "low": found.low, "high": found.high, "grade": "measured"}
    reason = found.reason if isinstance(found, NotMeasured) else ""
    empty: Mapping[str, Any] = {"status": "", "note": "", "source": "", "strides": None, "report": None}
    return schemas.Metric(key=key, label=spec.label, unit=spec.unit, reason=reason, **measured, **empty)


def _finding(found: Finding) -> schemas.Finding:
    key, tip = found.row.key, found.tip
    moments = (one["evidence_s"] for one in found.report.report.findings if one["measurement"] == key)
    said = None
    if tip:
        drills = [f"{drill['name']}: {drill['dose']}" for drill in tip["drills"]]
        said = schemas.Tip(cue=tip["cue"], why=tip["why"], drills=drills)
    return schemas.Finding(
        metric=key,
        title=found.title,
        status=found.status,
        report=found.report.report.code,
        evidence_s=next(moments, []),
        tip=said,
        held_back=found.held_back,
    )
