from django.urls import path

from runform.processing import correct_views, views
from runform.processing.renewal import views as renewal

urlpatterns = [
    path("checks/<uuid:code>/", views.check, name="check"),
    path("checks/<uuid:code>/clips/", views.clip_upload, name="clip_upload"),
    path("uploads/<uuid:code>/finish/", views.upload_finish, name="upload_finish"),
    path("clips/<uuid:code>/card/", views.clip_card, name="clip_card"),
    path("clips/<uuid:code>/again/", views.clip_again, name="clip_again"),
    path("clips/<uuid:code>/delete/", views.clip_delete, name="clip_delete"),
    path("clips/<uuid:code>/versions/", correct_views.clip_versions, name="clip_versions"),
    path("clips/<uuid:code>/correct/", correct_views.clip_correct, name="clip_correct"),
    path("clips/<uuid:code>/corrections/", correct_views.correction_add, name="correction_add"),
    path("corrections/<uuid:code>/withdraw/", correct_views.correction_withdraw, name="correction_withdraw"),
    path("clips/<uuid:code>/compute/", correct_views.clip_recompute, name="clip_recompute"),
    path("clips/<uuid:code>/mark/", correct_views.clip_mark, name="clip_mark"),
    path("clips/<uuid:code>/marks/", correct_views.mark_put, name="mark_put"),
    path("versions/<uuid:code>/", correct_views.report_version, name="report_version"),
    path("versions/<uuid:code>/difference/", renewal.report_difference, name="report_difference"),
    path("clubs/<uuid:code>/renewal/", renewal.club_renewal, name="club_renewal"),
    path("clubs/<uuid:code>/renewal/start/", renewal.club_renewal_start, name="club_renewal_start"),
    path("renewals/<uuid:code>/change/", renewal.renewal_change, name="renewal_change"),
    path("jobs/<uuid:code>/status/", views.job_status, name="job_status"),
    path("jobs/<uuid:code>/cancel/", views.job_cancel, name="job_cancel"),
]
