from django.urls import path

from runform.processing import views

urlpatterns = [
    path("checks/<uuid:code>/", views.check, name="check"),
    path("checks/<uuid:code>/clips/", views.clip_upload, name="clip_upload"),
    path("uploads/<uuid:code>/finish/", views.upload_finish, name="upload_finish"),
    path("clips/<uuid:code>/card/", views.clip_card, name="clip_card"),
    path("clips/<uuid:code>/again/", views.clip_again, name="clip_again"),
    path("clips/<uuid:code>/delete/", views.clip_delete, name="clip_delete"),
    path("jobs/<uuid:code>/status/", views.job_status, name="job_status"),
    path("jobs/<uuid:code>/cancel/", views.job_cancel, name="job_cancel"),
]
