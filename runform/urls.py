"""Every app brings its own addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# The admin's own login knows neither verified addresses nor rate limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("runform.desk.urls")),
    path("", include("runform.accounts.urls")),
    path("", include("runform.clubs.urls")),
    path("", include("runform.clips.urls")),
    path("", include("runform.reports.urls")),
    path("", include("runform.processing.urls")),
    path("", include("runform.coaching.urls")),
    path("", include("runform.api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
]
