from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from runform.accounts.ages import adult_when_born_by
from runform.accounts.models import AthleteProfile, User


def check_birth_date(born: Any) -> Any:
    if born and not (timezone.localdate().year - 110 <= born.year and born < timezone.localdate()):
        raise forms.ValidationError(_("Please check the birth date."))
    return born


def one_line(text: str) -> str:
    """A name stands in the subject of e-mails."""
    return " ".join(text.split())


class PersonForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["name"]

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class ProfileForm(forms.ModelForm[AthleteProfile]):
    class Meta:
        model = AthleteProfile
        fields = ["height_cm", "sex", "birth_date", "speed_unit", "time_zone"]
        widgets = {"birth_date": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "height_cm": _("Turns pixels into centimetres."),
            "sex": _("Some healthy ranges differ between women and men. Left out, the wider range counts."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        born = self.instance.birth_date
        if born and born > adult_when_born_by():
            # Or a minor would come of age by typing.
            self.fields["birth_date"].disabled = True
            self.fields["birth_date"].help_text = _("Under 18. If it is wrong, ask your club or write to us.")

    def clean_birth_date(self) -> Any:
        return check_birth_date(self.cleaned_data["birth_date"])
