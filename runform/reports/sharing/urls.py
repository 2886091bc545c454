from django.urls import path

from runform.reports.sharing import views

urlpatterns = [
    path("checks/<uuid:code>/share/", views.check_share, name="check_share"),
    path("checks/<uuid:code>/share/<uuid:link_code>/close/", views.share_revoke, name="share_revoke"),
    # Short, and known to the logs, which leave out what follows (core/middleware.py).
    path("s/<str:token>/", views.shared, name="shared"),
    path("s/<str:token>/seen/", views.shared_seen, name="shared_seen"),
    path("s/<str:token>/<uuid:code>/film.mp4", views.shared_film, name="shared_film"),
    path("s/<str:token>/<uuid:code>/<int:order>.jpg", views.shared_frame, name="shared_frame"),
]
