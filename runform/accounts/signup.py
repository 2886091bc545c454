"""The part of the sign-up form that is ours; allauth adds address and password."""

from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from runform.accounts.forms import one_line
from runform.accounts.models import User


class NameForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput({"autocomplete": "name"}))
    field_order = ["name", "email", "password1", "password2"]

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any] | None:
        """For an address that has an account no password is kept.  It is hashed all the same: that takes as long."""
        cleaned = super().clean()
        if getattr(self, "account_already_exists", False):
            make_password(self.cleaned_data.get("password1") or "")
        return cleaned

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
