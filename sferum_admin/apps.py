from django.apps import AppConfig


class SferumAdminConfig(AppConfig):
    name = "sferum_admin"
