from django.urls import path

from runform.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
]
