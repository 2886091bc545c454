import uuid
from datetime import date, timedelta
from pathlib import Path

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from runform.accounts.http import UserRequest
from runform.clubs.selectors import clubs_managed_by
from runform.desk.season.content import build_content
from runform.desk.season.facts import season_of
from runform.reports.exports.pdf.build import typeset

TEMPLATE = Path(__file__).parent / "season.typ"
USUAL = timedelta(weeks=26)
LONGEST = timedelta(days=3 * 366)


class SpanForm(forms.Form):
    start = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    end = forms.DateField(label=_("To"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def clean_end(self) -> date:
        end: date = self.cleaned_data["end"]
        start: date | None = self.cleaned_data.get("start")
        if start and not timedelta(0) <= end - start <= LONGEST:
            raise forms.ValidationError(_("Please choose a later day, at most three years after the first."))
        return end


@login_required
@require_safe
def season(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Choose the days; with valid ones the PDF comes at once."""
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    today = timezone.localdate()
    form = SpanForm(request.GET or None, initial={"start": today - USUAL, "end": today})
    if not (request.GET and form.is_valid()):
        return render(request, "desk/season.html", {"club": club, "form": form})
    found = season_of(club, form.cleaned_data["start"], form.cleaned_data["end"])
    pages = typeset(TEMPLATE, build_content(found, made=date_format(today, "DATE_FORMAT")))
    response = HttpResponse(pages, content_type="application/pdf")
    name = f"{slugify(club.name) or 'club'}-{found.start}-{found.end}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
