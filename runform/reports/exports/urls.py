from django.urls import path

from runform.reports.exports import views

urlpatterns = [
    path("reports/<uuid:code>/download/<slug:key>/", views.report_download, name="report_download"),
    path("reports/<uuid:code>/frames/<int:order>.png", views.report_frame_png, name="report_frame_png"),
    path("checks/<uuid:code>/everything.zip", views.check_zip, name="check_zip"),
    path("checks/<uuid:code>/report.pdf", views.check_report_pdf, name="check_pdf"),
    path("checks/<uuid:code>/downloads/", views.check_take, name="check_take"),
    path("reports/<uuid:code>/film/", views.report_film, name="report_film"),
    path("reports/<uuid:code>/skeleton.mp4", views.report_overlay, name="report_overlay"),
]
