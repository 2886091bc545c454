from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from runform.accounts.forms import PersonForm, ProfileForm
from runform.accounts.http import UserRequest
from runform.accounts.selectors import profile_of
from runform.accounts.services import profile_ensure


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: UserRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    # Looking makes no row.
    profile = profile_of(request.user) if data is None else profile_ensure(user=request.user)
    person_form = PersonForm(data, instance=request.user)
    profile_form = ProfileForm(data, instance=profile)
    if data is not None and person_form.is_valid() and profile_form.is_valid():
        person_form.save()
        profile_form.save()
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "accounts/profile.html", {"person_form": person_form, "profile_form": profile_form})
