from django.urls import path

from runform.desk import views
from runform.desk.club import conversations
from runform.desk.club import views as club
from runform.desk.rights import views as rights
from runform.desk.season import views as season
from runform.desk.watch import views as watch

urlpatterns = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
    path("metrics", watch.metrics, name="metrics"),
    path("people/<uuid:athlete>/data/", rights.person_data, name="person_data"),
    path("people/<uuid:athlete>/data/everything.zip", rights.person_export, name="person_export"),
    path("people/<uuid:athlete>/delete/", rights.person_bin, name="person_bin"),
    path("people/<uuid:athlete>/keep/", rights.person_restore, name="person_restore"),
    path("checks/<uuid:code>/delete/", rights.check_delete, name="check_delete"),
    path("checks/<uuid:code>/restore/", rights.check_restore, name="check_restore"),
    path("clips/<uuid:code>/restore/", rights.clip_restore, name="clip_restore"),
    path("receipts/<uuid:code>/", rights.receipt, name="receipt"),
    path("clubs/<uuid:code>/athletes/", club.people, name="club_people"),
    path("clubs/<uuid:code>/athletes.csv", club.people_csv, name="club_people_csv"),
    path("clubs/<uuid:code>/status/", watch.club_status, name="club_status"),
    path("clubs/<uuid:code>/season/", season.season, name="club_season"),
    path("clubs/<uuid:code>/squad/", club.squad_picture, name="club_squad"),
    path("clubs/<uuid:code>/conversations/", conversations.club_conversations, name="club_conversations"),
    path("clubs/<uuid:code>/views/", club.view_save, name="club_view_save"),
    path("clubs/<uuid:code>/views/<uuid:view>/remove/", club.view_remove, name="club_view_remove"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.notifications_read, name="notifications_read"),
    path("notifications/delivery/", views.notification_delivery, name="notification_delivery"),
]
