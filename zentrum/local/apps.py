from django.apps import AppConfig


class LocalConfig(AppConfig):
    name = "zentrum.local"
    label = "local"
