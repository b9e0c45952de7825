"""The Celery application; tasks are found through CELERY_IMPORTS, because they live in slices."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zentrum.settings")

app = Celery("zentrum")
app.config_from_object("django.conf:settings", namespace="CELERY")
