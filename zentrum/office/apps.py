from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "zentrum.office"
