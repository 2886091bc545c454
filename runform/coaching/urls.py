from django.urls import path

from runform.coaching import views

urlpatterns = [path("coach/", views.coach, name="coach")]
