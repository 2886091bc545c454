from django.contrib import admin

from runform.accounts.models import AthleteProfile, User


class ProfileInline(admin.StackedInline[AthleteProfile, User]):
    model = AthleteProfile


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ["email", "name", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name", "code"]
    readonly_fields = ["code", "date_joined", "last_login"]
    exclude = ["password"]
    inlines = [ProfileInline]
