from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpRequest

from runform.accounts.models import AthleteProfile, User


class ProfileInline(admin.StackedInline[AthleteProfile, User]):
    model = AthleteProfile


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ["email", "name", "is_active", "is_staff", "binned_at", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", ("binned_at", admin.EmptyFieldListFilter)]
    date_hierarchy = "date_joined"
    search_fields = ["email", "name", "code"]
    readonly_fields = ["code", "binned_at", "date_joined", "last_login"]
    exclude = ["password"]
    inlines = [ProfileInline]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People go through the bin: here their files would stay."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever changes an address can ask for its new password."""
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Nobody gives rights that they do not have, not even to themselves."""
        rights = [] if request.user.is_superuser else ["is_staff", "is_superuser", "groups", "user_permissions"]
        return [*self.readonly_fields, *rights]


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """Staff look after members, and only a superuser after staff."""
    return user is None or user == request.user or not user.is_staff or bool(request.user.is_superuser)


admin.site.unregister(Authenticator)
admin.site.unregister(EmailAddress)


@admin.register(EmailAddress)
class AddressAdmin(EmailAddressAdmin):  # type: ignore[misc]
    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj and obj.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj and obj.user)


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin[Authenticator]):
    """For somebody who lost phone and recovery codes.  The secrets themselves are shown to nobody."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__email", "user__name"]
    exclude = ["data"]
    list_select_related = ["user"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj and obj.user)
