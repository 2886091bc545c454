from django.urls import path

from runform.reports.compare import views

urlpatterns = [path("checks/<uuid:code>/compare/", views.check_compare, name="check_compare")]
