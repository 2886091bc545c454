from django.urls import path

from runform.accounts import views

urlpatterns = [path("profile/", views.profile, name="profile")]
