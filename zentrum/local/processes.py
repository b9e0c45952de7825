"""The processes of a running portal, one command line each.

`manage.py up` runs them, and docker-compose.yml names the same lines. What differs between the two
comes from the environment: GUNICORN_CMD_ARGS (the address to listen on), WEB_CONCURRENCY.
"""

PROCESSES = {
    "web": "gunicorn zentrum.wsgi --worker-class gthread --threads 4 --no-control-socket",
    "worker": "celery --app zentrum worker --loglevel INFO --concurrency 2 --without-gossip",
    "beat": "celery --app zentrum beat --loglevel INFO --scheduler celery.beat.Scheduler",
}

# The same for `make dev`: each restarts itself when a Python file changes.
RELOADING = PROCESSES | {
    "web": "python manage.py runserver 127.0.0.1:{port}",
    "worker": "python manage.py reloading_worker",
}
