from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from runform.api.scopes import Scope
from runform.core.events import Event

DAYS = {30: _("a month"), 90: _("three months"), 365: _("a year")}
EVENTS = {
    Event.REPORT_READY: _("a report is ready"),
    Event.CLIP_REFUSED: _("a clip cannot be used"),
    Event.CLIP_FAILED: _("the analysis of a clip failed"),
    Event.REVIEW_PUBLISHED: _("a coach published a review"),
}


class TokenForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("What it is for, so that you know it again."))
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=[Scope.READ_FORMCHECKS]
    )
    days = forms.TypedChoiceField(label=_("It holds for"), choices=list(DAYS.items()), coerce=int, initial=90)

    def clean_scopes(self) -> list[Scope]:
        return [Scope(name) for name in self.cleaned_data["scopes"]]


class WebhookForm(forms.Form):
    url = forms.CharField(label=_("Address"), max_length=500, help_text=_("https://, and open to the public network."))
    events = forms.MultipleChoiceField(
        label=_("Call it when"),
        choices=[(str(event), label) for event, label in EVENTS.items()],
        widget=forms.CheckboxSelectMultiple,
        initial=[str(Event.REPORT_READY)],
    )

    def clean_events(self) -> list[Any]:
        return [Event(name) for name in self.cleaned_data["events"]]
