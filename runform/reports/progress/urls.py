from django.urls import path

from runform.reports.progress import views

urlpatterns = [
    path("progress/", views.progress, name="progress"),
    path("progress/<uuid:code>/", views.progress, name="progress_of"),
    path("progress/<uuid:code>/charts.json", views.progress_charts, name="progress_charts"),
]
