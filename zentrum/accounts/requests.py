from django.http import HttpRequest

from zentrum.accounts.models import User


class StaffRequest(HttpRequest):
    """A request behind the sign-in: every page that is not `@login_not_required`.

    Only a name for type hints. LoginRequiredMiddleware and the permission on the view have
    turned strangers away before, so `user` is a person and never Django's AnonymousUser.
    """

    user: User
