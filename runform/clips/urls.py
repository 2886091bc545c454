from django.urls import path

from runform.clips import views
from runform.clips.tus import views as tus

urlpatterns = [
    path("checks/new/", views.check_new, name="check_new"),
    path("athletes/<uuid:athlete>/checks/new/", views.check_new_for, name="check_new_for"),
    path("checks/<uuid:code>/edit/", views.check_edit, name="check_edit"),
    path("checks/<uuid:code>/uploads/", tus.upload_new, name="upload_new"),
    path("uploads/<uuid:code>/", tus.upload, name="upload"),
    path("clips/<uuid:code>/file/", views.clip_file, name="clip_file"),
]
