from django.contrib import admin

from runform.clubs.models import (
    AuditEntry,
    Club,
    CoachAssignment,
    ConsentRecord,
    Enrolment,
    Guardianship,
    Invitation,
    Membership,
    Squad,
)
from runform.core.admin import ReadOnlyAdmin


@admin.register(Club)
class ClubAdmin(admin.ModelAdmin[Club]):
    list_display = ["name", "automatic_reports", "review_due_days", "retention_months", "created_at"]
    list_filter = ["automatic_reports"]
    search_fields = ["name", "code"]
    readonly_fields = ["code", "created_at"]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    """Lists of their own, not inlines: a club may have five hundred members."""

    list_display = ["user", "role", "club", "joined_at", "ended_at"]
    list_filter = ["role", ("ended_at", admin.EmptyFieldListFilter), "club"]
    list_select_related = ["user", "club"]
    search_fields = ["user__name", "user__email", "club__name"]
    autocomplete_fields = ["club", "user"]
    exclude = ["squads"]
    date_hierarchy = "joined_at"


@admin.register(CoachAssignment)
class AssignmentAdmin(admin.ModelAdmin[CoachAssignment]):
    list_display = ["coach", "athlete", "club", "created_at", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter), "club"]
    list_select_related = ["coach", "athlete", "club"]
    search_fields = ["coach__name", "coach__email", "athlete__name", "athlete__email", "club__name"]
    autocomplete_fields = ["club", "coach", "athlete"]


@admin.register(Squad)
class SquadAdmin(admin.ModelAdmin[Squad]):
    list_display = ["name", "club"]
    list_select_related = ["club"]
    search_fields = ["name", "club__name"]
    autocomplete_fields = ["club"]


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    list_display = ["email", "role", "club", "athlete", "created_at", "expires_at", "answered_at", "accepted"]
    list_filter = ["role", "accepted", ("answered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["club", "athlete"]
    search_fields = ["email", "club__name", "athlete__email"]
    autocomplete_fields = ["club", "invited_by", "athlete"]
    date_hierarchy = "created_at"


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    list_display = ["user", "club", "created_at", "answered_at", "accepted"]
    list_filter = ["accepted", ("answered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "club"]
    search_fields = ["user__email", "user__name", "club__name"]


@admin.register(Guardianship)
class GuardianshipAdmin(ReadOnlyAdmin):
    list_display = ["guardian", "athlete", "created_at", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["guardian", "athlete"]
    search_fields = ["guardian__email", "guardian__name", "athlete__email", "athlete__name"]


@admin.register(ConsentRecord)
class ConsentRecordAdmin(ReadOnlyAdmin):
    list_display = ["athlete", "purpose", "given", "given_by", "as_guardian", "at", "until"]
    list_filter = ["purpose", "given", "as_guardian"]
    list_select_related = ["athlete", "given_by"]
    search_fields = ["athlete__email", "athlete__name", "athlete__code"]
    date_hierarchy = "at"


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "action", "thing", "athlete", "club"]
    list_filter = ["action", "club"]
    list_select_related = ["actor", "athlete", "club"]
    search_fields = ["actor__email", "athlete__email", "athlete__name", "thing_code"]
    date_hierarchy = "at"
    show_full_result_count = False
