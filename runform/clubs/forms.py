from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from runform.accounts.forms import check_birth_date
from runform.accounts.models import AthleteProfile, User
from runform.clubs.models import Club, Purpose, Role, Squad
from runform.clubs.selectors import squads_of

# A guardian is invited by or for an athlete, elsewhere.
ROLES = [choice for choice in Role.choices if choice[0] != Role.GUARDIAN]


class Plain(forms.Form):
    """Its page tells errors in a message, since it shows many forms."""

    def trouble(self) -> str:
        return " ".join(str(text) for texts in self.errors.values() for text in texts)


class ClubForm(forms.ModelForm[Club]):
    class Meta:
        model = Club
        fields = ["name"]


class SettingsForm(forms.ModelForm[Club]):
    class Meta:
        model = Club
        fields = ["name", "automatic_reports", "review_due_days", "retention_months"]


class InvitationForm(forms.Form):
    pasted = forms.CharField(
        label=_("E-mail addresses"),
        max_length=50_000,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        help_text=_("One or many: paste a list, one a line or with commas."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, initial=Role.ATHLETE)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


def _members(club: Club, role: Role) -> Any:
    rows = User.objects.filter(memberships__club=club, memberships__role=role, memberships__ended_at=None)
    return rows.order_by("name")


class AssignmentForm(Plain):
    """A coach for one athlete, or for everybody who is in a squad now."""

    coach = forms.ModelChoiceField(label=_("Coach"), queryset=User.objects.none(), to_field_name="code")
    athlete = forms.ModelChoiceField(
        label=_("Athlete"), queryset=User.objects.none(), to_field_name="code", required=False
    )
    squad = forms.ModelChoiceField(
        label=_("or a whole squad"), queryset=Squad.objects.none(), to_field_name="code", required=False
    )

    def __init__(self, *args: Any, club: Club, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, rows in {
            "coach": _members(club, Role.COACH),
            "athlete": _members(club, Role.ATHLETE),
            "squad": squads_of(club),
        }.items():
            chooser = self.fields[field]
            assert isinstance(chooser, forms.ModelChoiceField)
            chooser.queryset = rows

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not said.get("coach") or not (said.get("athlete") or said.get("squad")):
            raise forms.ValidationError(_("Please choose a coach and an athlete."))
        if said["coach"] == said.get("athlete"):
            raise forms.ValidationError(_("A coach cannot be assigned to themselves."))
        return said

    def chosen_athletes(self) -> list[User]:
        squad, athlete = self.cleaned_data["squad"], self.cleaned_data["athlete"]
        chosen = [row.user for row in squad.memberships.filter(ended_at=None).select_related("user")] if squad else []
        chosen += [athlete] if athlete and athlete not in chosen else []
        return [one for one in chosen if one != self.cleaned_data["coach"]]

    def trouble(self) -> str:
        return _now("Please choose a coach and an athlete.") if self.errors.get("coach") else super().trouble()


class SquadForm(Plain):
    name = forms.CharField(label=_("Name"), max_length=60)
    athletes = forms.ModelMultipleChoiceField(
        label=_("Athletes"),
        queryset=User.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )

    def __init__(self, *args: Any, club: Club, squad: Squad | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.club, self.squad = club, squad
        if squad:
            present = squad.memberships.filter(ended_at=None).values_list("user__code", flat=True)
            self.initial = {"name": squad.name, "athletes": list(present)}
        chooser = self.fields["athletes"]
        assert isinstance(chooser, forms.ModelMultipleChoiceField)
        chooser.queryset = _members(club, Role.ATHLETE)

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        others = self.club.squads.filter(name=name)
        if any(other != self.squad for other in others):
            raise forms.ValidationError(_("There is a squad of this name already."))
        return name


class StartForm(forms.Form):
    """Asked once, before the first clip."""

    birth_date = forms.DateField(
        label=_("Your birth date"),
        widget=forms.DateInput({"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        help_text=_("Under 18, a parent or guardian agrees instead of you."),
    )
    coach = forms.BooleanField(
        label=_("Coaches whom my club assigns to me may see my clips and results"), required=False, initial=True
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if AthleteProfile.objects.filter(user=user).exclude(birth_date=None).exists():
            del self.fields["birth_date"]

    def clean_birth_date(self) -> Any:
        return check_birth_date(self.cleaned_data["birth_date"])

    def purposes(self) -> list[Purpose]:
        return [Purpose.ANALYSIS, Purpose.COACH] if self.cleaned_data["coach"] else [Purpose.ANALYSIS]


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(choices=Purpose.choices)
    until = forms.DateField(required=False)

    def clean_until(self) -> Any:
        day = self.cleaned_data["until"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over already."))
        return day


class WithdrawForm(forms.Form):
    purpose = forms.ChoiceField(choices=Purpose.choices)


class GuardianForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of your parent or guardian"), max_length=254)
