from typing import Any

from django.contrib import admin
from django.http import HttpRequest

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

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Nobody gives rights that they do not have, not even to themselves."""
        rights = [] if request.user.is_superuser else ["is_staff", "is_superuser", "groups", "user_permissions"]
        return [*self.readonly_fields, *rights]
