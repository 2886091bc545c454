from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from runform.clips.models import FormCheck, Kind, Pain, Shows, View
from runform.clips.pain import Area, Sign
from runform.clips.services import EARLIEST_ON
from runform.core.units import SpeedUnit, speed_from_mps, speed_to_mps

EXAMPLES = {SpeedUnit.KMH: "12.0", SpeedUnit.MIN_KM: "5:00", SpeedUnit.MPH: "7.5"}


class FormCheckForm(forms.ModelForm[FormCheck]):
    """The speed is typed in the person's unit and stored in m/s."""

    speed = forms.CharField(required=False, max_length=10, widget=forms.TextInput({"autocomplete": "off"}))
    field_order = ["recorded_on", "surface", "speed", "incline_pct", "shoes", "note"]

    class Meta:
        model = FormCheck
        fields = ["recorded_on", "surface", "incline_pct", "shoes", "note"]
        widgets = {
            "recorded_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "surface": forms.RadioSelect(),
            "note": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, speed_unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = SpeedUnit(speed_unit)
        self.fields["speed"].label = _("Speed (%(unit)s)") % {"unit": self.unit.label}
        self.fields["speed"].help_text = _("For example %(example)s. Leave it empty if you do not know it.") % {
            "example": EXAMPLES[self.unit]
        }
        self.fields["surface"].choices = FormCheck._meta.get_field("surface").choices  # type: ignore[attr-defined]
        if self.instance.speed_mps:
            self.initial["speed"] = speed_from_mps(self.instance.speed_mps, self.unit)
        if not self.instance.pk:
            self.initial.setdefault("recorded_on", timezone.localdate())

    def clean_recorded_on(self) -> Any:
        day = self.cleaned_data["recorded_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        if day < EARLIEST_ON:
            raise forms.ValidationError(_("Please check the date."))
        return day

    def clean_speed(self) -> float | None:
        typed = self.cleaned_data["speed"]
        if not typed.strip():
            return None
        if typed == self.initial.get("speed"):
            return self.instance.speed_mps  # shown rounded, kept exact
        try:
            speed_mps = speed_to_mps(typed, self.unit)
        except ValueError:
            speed_mps = 0
        if not 0.5 <= speed_mps <= 12:
            message = _("Please give a speed in %(unit)s, for example %(example)s.")
            raise forms.ValidationError(message, params={"unit": self.unit.label, "example": EXAMPLES[self.unit]})
        return speed_mps

    def clean(self) -> dict[str, Any]:
        """``cleaned_data`` holds what the services take: the speed in m/s."""
        data = super().clean() or self.cleaned_data
        if "speed" in data:
            data["speed_mps"] = data.pop("speed")
        return data


class PainForm(forms.ModelForm[FormCheck]):
    """An optional question; what was ticked counts only while the answer is yes."""

    pain_areas = forms.MultipleChoiceField(
        label=_("Where?"), choices=Area.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    pain_signs = forms.MultipleChoiceField(
        label=_("Does any of this fit?"), choices=Sign.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = FormCheck
        fields = ["pain", "pain_areas", "pain_level", "pain_signs"]
        labels = {"pain": _("Does anything hurt when you run, or since?")}
        widgets = {"pain": forms.RadioSelect(), "pain_level": forms.NumberInput({"min": 0, "max": 10})}
        help_texts = {"pain_level": _("0 is nothing, 10 the worst you can imagine.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pain"].choices = [("", _("I would rather not say")), *Pain.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("pain") != Pain.YES:
            data |= {"pain_areas": [], "pain_level": None, "pain_signs": []}
        return data


class SaidForm(forms.Form):
    """What is said of a clip."""

    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    view = forms.ChoiceField(choices=[("", _("find out")), *View.choices], required=False)
    from_s = forms.FloatField(required=False, min_value=0)
    to_s = forms.FloatField(required=False, min_value=0)
    shows = forms.ChoiceField(choices=Shows.choices, error_messages={"required": _("Please say who is in the clip.")})

    def clean_kind(self) -> Kind:
        return Kind(self.cleaned_data["kind"] or Kind.RUNNING)

    def trouble(self) -> str:
        """What a person can mend, in one line."""
        return str(self.errors["shows"][0]) if "shows" in self.errors else _now("Please choose a clip.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        from_s, to_s = data.get("from_s"), data.get("to_s")
        if from_s is not None and to_s is not None and not from_s < to_s:
            raise forms.ValidationError(_("The stretch ends before it begins."))
        return data


class UploadForm(SaidForm):
    """A form that carries the bytes."""

    upload_token = forms.UUIDField()
    file = forms.FileField(allow_empty_file=True)


class MetadataForm(SaidForm):
    """An upload whose bytes come in parts."""

    upload_token = forms.UUIDField()
    filename = forms.CharField(max_length=1000, required=False)
