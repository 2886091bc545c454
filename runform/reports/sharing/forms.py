from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DAYS = ((7, _("7 days")), (30, _("30 days")), (90, _("90 days")))


class ShareForm(forms.Form):
    days = forms.TypedChoiceField(label=_("Open for"), choices=DAYS, coerce=int, initial=30)
    hides_face = forms.BooleanField(
        label=_("Hide who it is"),
        help_text=_("Without the name and the coach's message; head and surroundings are blurred in all pictures."),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, may_show_face: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_show_face:
            # Only the athlete, or a guardian, may show a face.
            self.fields["hides_face"].disabled = True
