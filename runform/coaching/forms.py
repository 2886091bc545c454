"""What the pages of a review send."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from runform.coaching.models import Answer, Drill, Subject, TipTemplate
from runform.coaching.tips import slots_of
from runform.reports.rows import SPECS, VIEW_LABELS


class VerdictForm(forms.Form):
    answer = forms.ChoiceField(choices=Answer.choices)
    why = forms.CharField(max_length=500, required=False)

    def clean_answer(self) -> Answer:
        return Answer(self.cleaned_data["answer"])


class DueForm(forms.Form):
    """Without a day the review is due as the club has it."""

    due_on = forms.DateField(required=False)

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over."))
        return day


class CommentForm(forms.Form):
    """``about`` is a metric, ``report`` with ``t_s`` a moment; with neither the comment is on the whole review."""

    text = forms.CharField(max_length=4000, widget=forms.Textarea({"rows": 3}))
    subject = forms.ChoiceField(choices=Subject.choices, required=False)
    about = forms.CharField(max_length=80, required=False)
    parent = forms.UUIDField(required=False)
    report = forms.UUIDField(required=False)
    t_s = forms.FloatField(min_value=0, max_value=24 * 3600, required=False)
    frame = forms.IntegerField(min_value=0, max_value=1_000_000, required=False)


class RefilmForm(forms.Form):
    view = forms.ChoiceField(label=_("What should be filmed?"), choices=list(VIEW_LABELS.items()))
    # "<code of the report>:<check>"
    gate = forms.ChoiceField(label=_("What went wrong"), required=False)
    frame = forms.ChoiceField(label=_("Picture that shows it"), required=False)
    text = forms.CharField(
        label=_("In your words"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, gates: list[tuple[str, str]], frames: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gate"].choices = [("", _("nothing in particular")), *gates]  # type: ignore[attr-defined]
        self.fields["frame"].choices = [("", _("no picture")), *frames]  # type: ignore[attr-defined]


class TemplateForm(forms.ModelForm[TipTemplate]):
    drill_lines = forms.CharField(
        label=_("Drills, one on a line"), required=False, widget=forms.Textarea({"rows": 3}), max_length=4000
    )

    class Meta:
        model = TipTemplate
        fields = ["title", "key", "cue", "why"]
        widgets = {"cue": forms.Textarea({"rows": 3}), "why": forms.Textarea({"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metrics = [("", _("any metric")), *((key, spec.label) for key, spec in SPECS.items())]
        self.fields["key"] = forms.ChoiceField(label=_("For"), choices=metrics, required=False)
        self.fields["cue"].help_text = _("{value}, {low} and {high} stand for the runner's own number and its range.")
        self.initial.setdefault("drill_lines", "\n".join(self.instance.drills))

    def clean_cue(self) -> str:
        return self._checked("cue")

    def clean_why(self) -> str:
        return self._checked("why")

    def _checked(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        try:
            slots_of(text)
        except ValueError as error:
            message = _("Only {value}, {low} and {high} may stand in braces, not %(slot)s.")
            raise forms.ValidationError(message, params={"slot": str(error)}) from error
        return text

    def fields_of(self) -> dict[str, Any]:
        data = {name: self.cleaned_data[name] for name in ("title", "key", "cue", "why")}
        return data | {"drills": lines(self.cleaned_data["drill_lines"])}


class DrillForm(forms.ModelForm[Drill]):
    class Meta:
        model = Drill
        fields = ["name", "dose", "how"]
        widgets = {"how": forms.Textarea({"rows": 2})}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def draft_content(sent: QueryDict) -> dict[str, Any]:
    """The draft as the form holds it: tips in the order in which they stand on the page."""
    tips = [
        {
            "key": sent.get(f"key-{name}", ""),
            "cue": sent.get(f"cue-{name}", ""),
            "why": sent.get(f"why-{name}", ""),
            "drills": lines(sent.get(f"drills-{name}", "")),
        }
        for name in sent.getlist("tip")
    ]
    return {"message": sent.get("message", ""), "tips": tips}
