from django.contrib import admin

from runform.core.admin import ReadOnlyAdmin
from runform.desk.models import Receipt


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    list_display = ["deleted_at", "what", "asked_at", "n_files", "n_bytes"]
    list_filter = ["what"]
    search_fields = ["code"]
    date_hierarchy = "deleted_at"
