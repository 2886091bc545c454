"""Every app brings its own addresses."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("runform.desk.urls")),
    path("", include("runform.accounts.urls")),
    path("", include("runform.clubs.urls")),
    path("", include("runform.clips.urls")),
    path("", include("runform.reports.urls")),
    path("", include("runform.processing.urls")),
    path("", include("runform.coaching.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
