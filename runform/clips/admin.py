from django.contrib import admin

from runform.clips.models import Clip, FormCheck


class ClipInline(admin.TabularInline[Clip, FormCheck]):
    model = Clip
    fields = readonly_fields = ("original_name", "kind", "view", "size_bytes", "created_at", "deleted_at")
    extra = 0
    can_delete = False


@admin.register(FormCheck)
class FormCheckAdmin(admin.ModelAdmin[FormCheck]):
    list_display = ["athlete", "recorded_on", "surface", "speed_mps", "created_at"]
    list_filter = ["surface", "recorded_on"]
    list_select_related = ["athlete"]
    search_fields = ["code", "athlete__email", "athlete__name"]
    # A FormCheck never moves to somebody else: its clips and their reports would open to the wrong coaches.
    readonly_fields = ["code", "athlete", "created_by"]
    inlines = [ClipInline]

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Clips go through the bin: here their files would stay."""
        return False


@admin.register(Clip)
class ClipAdmin(admin.ModelAdmin[Clip]):
    list_display = ["original_name", "athlete", "kind", "view", "size_bytes", "created_at", "deleted_at"]
    list_filter = ["kind", "view"]
    list_select_related = ["athlete"]
    search_fields = ["code", "sha256", "original_name", "athlete__email"]
    # The file is never changed or fetched here: people's videos open through the views that ask who looks.
    exclude = ["file"]
    readonly_fields = ["code", "athlete", "form_check", "sha256", "size_bytes", "upload_token", "facts", "deleted_at"]

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Clips go through the bin: here their files would stay."""
        return False
