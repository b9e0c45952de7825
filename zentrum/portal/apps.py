from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "zentrum.portal"
