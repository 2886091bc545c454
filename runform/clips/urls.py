from django.urls import path

from runform.clips import views

urlpatterns = [
    path("checks/new/", views.check_new, name="check_new"),
    path("checks/<uuid:code>/edit/", views.check_edit, name="check_edit"),
    path("clips/<uuid:code>/file/", views.clip_file, name="clip_file"),
]
