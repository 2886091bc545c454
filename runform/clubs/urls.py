from django.urls import path

from runform.clubs.views import club, consent, joining, log

ONE = "clubs/<uuid:code>/"
PERSON = "people/<uuid:athlete>/"

urlpatterns = [
    path("clubs/new/", club.club_new, name="club_new"),
    path(ONE, club.club, name="club"),
    path(ONE + "settings/", club.club_settings, name="club_settings"),
    path(ONE + "log/", log.club_log, name="club_log"),
    path(ONE + "members/<uuid:membership>/end/", club.member_end, name="member_end"),
    path(ONE + "assignments/", club.assignment_new, name="assignment_new"),
    path(ONE + "assignments/<uuid:assignment>/end/", club.assignment_end, name="assignment_end"),
    path(ONE + "squads/", club.squad_new, name="squad_new"),
    path(ONE + "squads/<uuid:squad>/", club.squad_change, name="squad_change"),
    path(ONE + "squads/<uuid:squad>/delete/", club.squad_delete, name="squad_delete"),
    path(ONE + "invitations/", joining.invitation_new, name="invitation_new"),
    path(ONE + "invitations/<uuid:invitation>/withdraw/", joining.invitation_withdraw, name="invitation_withdraw"),
    path(ONE + "enrolment/", joining.enrolment, name="enrolment"),
    path(ONE + "enrolments/<uuid:enrolment>/answer/", joining.enrolment_answer, name="enrolment_answer"),
    path("join/<uuid:code>/", joining.enrol, name="enrol"),
    path("invitations/<uuid:code>/", joining.invitation, name="invitation"),
    path("invitations/<uuid:code>/answer/", joining.invitation_answer, name="invitation_answer"),
    path("consent/", consent.consent_start, name="consent_start"),
    path(PERSON + "consent/", consent.consent, name="consent"),
    path(PERSON + "consent/give/", consent.consent_give, name="consent_give"),
    path(PERSON + "consent/withdraw/", consent.consent_withdraw, name="consent_withdraw"),
    path(PERSON + "guardians/", consent.guardian_new, name="guardian_new"),
    path(PERSON + "guardians/<uuid:link>/end/", consent.guardian_end, name="guardian_end"),
    path(PERSON + "log/", log.person_log, name="person_log"),
]
