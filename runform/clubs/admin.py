from django.contrib import admin

from runform.clubs.models import Club, CoachAssignment, Invitation, Membership


class MembershipInline(admin.TabularInline[Membership, Club]):
    model = Membership
    autocomplete_fields = ["user"]
    extra = 0


class AssignmentInline(admin.TabularInline[CoachAssignment, Club]):
    model = CoachAssignment
    autocomplete_fields = ["coach", "athlete"]
    extra = 0


@admin.register(Club)
class ClubAdmin(admin.ModelAdmin[Club]):
    list_display = ["name", "created_at"]
    search_fields = ["name", "code"]
    readonly_fields = ["code"]
    inlines = [MembershipInline, AssignmentInline]


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    list_display = ["email", "role", "club", "created_at", "answered_at", "accepted"]
    list_filter = ["role", "accepted"]
    search_fields = ["email", "club__name"]
    autocomplete_fields = ["club", "invited_by"]
