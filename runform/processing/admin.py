from django.contrib import admin

from runform.core.admin import ReadOnlyAdmin
from runform.processing.models import Job, Pulse, Renewal


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    """To look at: transitions are made by services only."""

    list_display = ["code", "clip", "state", "stage", "attempt", "host", "error_code", "created_at", "finished_at"]
    list_filter = ["state", "error_code", "host", "version"]
    list_select_related = ["clip"]
    search_fields = ["code", "clip__code", "clip__athlete__email", "request_id"]
    date_hierarchy = "created_at"

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_add_permission(self, request: object) -> bool:
        return False


@admin.register(Renewal)
class RenewalAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "club", "version", "asked_by", "paused_at", "ended_at"]
    list_filter = ["version", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["club", "asked_by"]
    search_fields = ["code", "club__name"]


@admin.register(Pulse)
class PulseAdmin(admin.ModelAdmin[Pulse]):
    list_display = ["name", "at"]

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_add_permission(self, request: object) -> bool:
        return False
