"""The part of the sign-up form that is ours; allauth adds address and password."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from runform.accounts.models import User


class NameForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput({"autocomplete": "name"}))
    field_order = ["name", "email", "password1", "password2"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
