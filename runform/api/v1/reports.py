"""Reports of single clips, and the catalogue of metrics."""

import uuid

from django.http import Http404, HttpResponseBase
from ninja import Path, Router, Schema

from analysis.metrics import METRICS
from runform.api import schemas
from runform.api.access import ApiRequest, needs
from runform.api.scopes import Scope
from runform.api.v1.checks import metric_out
from runform.core.stream import stream_response
from runform.reports.exports.formats import BY_KEY, FORMATS
from runform.reports.exports.views import visible_report

router = Router(tags=["reports"])
READ = needs(Scope.READ_FORMCHECKS)


class FileAddress(Schema):
    code: uuid.UUID
    key: str


@router.get("/reports/{uuid:code}", **READ, response=schemas.Report, url_name="report")
def report(request: ApiRequest, code: uuid.UUID) -> schemas.Report:
    found = visible_report(request, code)
    row = found.report
    return schemas.Report(
        code=row.code,
        clip=row.clip.code,
        formcheck=row.clip.form_check.code,
        created_at=row.created_at,
        analysis_version=row.analysis_version,
        model_sha256=row.model_sha256,
        parameters_sha256=row.parameters_sha256,
        verdict=row.verdict,
        view=row.view,
        facing=row.facing,
        activity=row.activity,
        checks=row.quality.get("checks", []),
        files=[one.key for one in FORMATS if one.offered(found)],
    )


@router.get("/reports/{uuid:code}/metrics", **READ, response=list[schemas.Metric], url_name="report_metrics")
def report_metrics(request: ApiRequest, code: uuid.UUID) -> list[schemas.Metric]:
    """Every metric, as this one clip gives it."""
    return [metric_out(result) for result in visible_report(request, code).metrics]


@router.api_operation(
    ["GET", "HEAD"],
    "/reports/{uuid:code}/files/{slug:key}",
    **READ,
    url_name="report_file",
)
def report_file(request: ApiRequest, address: Path[FileAddress]) -> HttpResponseBase:
    """One file of a report: ``json`` is the analysis as it was written, ``metrics`` the same numbers as CSV."""
    one, found = BY_KEY.get(address.key), visible_report(request, address.code)
    if one is None or not one.offered(found):
        raise Http404
    return stream_response(request, one.parts(found), content_type=one.content_type, filename=one.filename)


@router.get("/metrics", **needs(), response=list[schemas.MetricSpec], url_name="metrics")
def metrics(request: ApiRequest) -> list[schemas.MetricSpec]:
    """What is measured: keys are for ever."""
    return [schemas.MetricSpec.from_orm(spec) for spec in METRICS]
