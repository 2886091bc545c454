from django.urls import include, path

from runform.reports import views
from runform.reports.plans import views as plan_views

urlpatterns = [
    path("", include("runform.reports.exports.urls")),
    path("", include("runform.reports.compare.urls")),
    path("", include("runform.reports.sharing.urls")),
    path("", include("runform.reports.progress.urls")),
    path("checks/<uuid:code>/results/", views.results, name="results"),
    path("reports/<uuid:code>/charts.json", views.report_charts, name="report_charts"),
    path("reports/<uuid:code>/time/", views.report_time, name="report_time"),
    path("reports/<uuid:code>/metrics/<slug:key>/", views.metric_strides, name="metric_strides"),
    path("reports/<uuid:code>/frames/<int:order>.jpg", views.report_frame, name="report_frame"),
    path("reports/<uuid:code>/landmarks/", views.report_landmarks, name="report_landmarks"),
    path("reports/<uuid:code>/copy.mp4", views.report_copy, name="report_copy"),
    path("reading/", views.level_set, name="level_set"),
    path("checks/<uuid:code>/plan/", plan_views.plan_new, name="plan_new"),
    path("plan/", plan_views.plan_mine, name="plan_mine"),
    path("plans/<uuid:code>/", plan_views.plan, name="plan"),
    path("plans/<uuid:code>/tick/", plan_views.plan_tick, name="plan_tick"),
    path("plans/<uuid:code>/end/", plan_views.plan_stop, name="plan_stop"),
    path("metrics/", views.metric_list, name="metric_list"),
    path("metrics/<slug:key>/", views.metric, name="metric"),
    path("film/", views.film, name="film"),
]
