from django.urls import path

from runform.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.notifications_read, name="notifications_read"),
    path("notifications/delivery/", views.notification_delivery, name="notification_delivery"),
]
