from django.conf import settings


def absolute(path: str) -> str:
    """The full address of a page, for mails and files that leave the portal (see BASE_URL)."""
    return settings.BASE_URL + "/" + path.lstrip("/")
