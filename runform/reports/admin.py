from django.contrib import admin

from runform.core.admin import ReadOnlyAdmin
from runform.reports.models import AnnotatedFrame, MetricResult, Rendering, Report, ShareLink


class MetricInline(admin.TabularInline[MetricResult, Report]):
    model = MetricResult
    fields = readonly_fields = ("key", "value", "low", "high", "unit", "grade", "status", "source", "strides")
    extra = 0
    can_delete = False


class FrameInline(admin.TabularInline[AnnotatedFrame, Report]):
    model = AnnotatedFrame
    fields = readonly_fields = ("order", "t_s", "event", "side", "caption")
    extra = 0
    can_delete = False


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """To look at: reports are never rewritten."""

    list_display = ["clip", "created_at", "verdict", "view", "analysis_version"]
    list_filter = ["verdict", "view", "analysis_version"]
    list_select_related = ["clip"]
    search_fields = ["code", "job_code", "clip__code", "clip__athlete__email"]
    exclude = ["raw", "series", "review_copy"]
    inlines = [MetricInline, FrameInline]


@admin.register(Rendering)
class RenderingAdmin(ReadOnlyAdmin):
    """To look at, and to see why one failed."""

    list_display = ["report", "kind", "state", "attempt", "queued_at", "finished_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["report__clip"]
    exclude = ["film", "pictures"]


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnlyAdmin):
    """Who shows what to the outside; links are made and closed on the page of the FormCheck."""

    list_display = ["form_check", "created_by", "created_at", "expires_at", "revoked_at", "hides_face", "opened"]
    list_select_related = ["form_check__athlete", "created_by"]
    exclude = ["token_sha256"]
