from django import forms
from django.utils.translation import gettext_lazy as _

from runform.accounts.models import User
from runform.clubs.models import Club, Role


class ClubForm(forms.ModelForm[Club]):
    class Meta:
        model = Club
        fields = ["name"]


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.ATHLETE)


class AssignmentForm(forms.Form):
    coach = forms.ModelChoiceField(label=_("Coach"), queryset=User.objects.none(), to_field_name="code")
    athlete = forms.ModelChoiceField(label=_("Athlete"), queryset=User.objects.none(), to_field_name="code")

    def __init__(self, *args: object, club: Club, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field, role in {"coach": Role.COACH, "athlete": Role.ATHLETE}.items():
            chooser = self.fields[field]
            assert isinstance(chooser, forms.ModelChoiceField)
            chooser.queryset = User.objects.filter(
                memberships__club=club, memberships__role=role, memberships__ended_at=None
            ).order_by("name")
