from django.contrib import admin

from runform.core.admin import ReadOnlyAdmin
from runform.desk.models import ConsentReminder, Receipt


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    list_display = ["deleted_at", "what", "asked_at", "n_files", "n_bytes"]
    list_filter = ["what"]
    search_fields = ["code"]
    date_hierarchy = "deleted_at"


@admin.register(ConsentReminder)
class ConsentReminderAdmin(ReadOnlyAdmin):
    list_display = ["sent_at", "user", "record"]
    list_select_related = ["user", "record"]
    search_fields = ["user__email", "user__name"]
    date_hierarchy = "sent_at"
