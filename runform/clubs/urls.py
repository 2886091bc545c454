from django.urls import path

from runform.clubs import views

urlpatterns = [
    path("clubs/new/", views.club_new, name="club_new"),
    path("clubs/<uuid:code>/", views.club, name="club"),
    path("clubs/<uuid:code>/invitations/", views.invitation_new, name="invitation_new"),
    path(
        "clubs/<uuid:code>/invitations/<uuid:invitation>/withdraw/",
        views.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("clubs/<uuid:code>/assignments/", views.assignment_new, name="assignment_new"),
    path("clubs/<uuid:code>/assignments/<uuid:assignment>/end/", views.assignment_end, name="assignment_end"),
    path("clubs/<uuid:code>/members/<uuid:membership>/end/", views.member_end, name="member_end"),
    path("invitations/<uuid:code>/answer/", views.invitation_answer, name="invitation_answer"),
]
