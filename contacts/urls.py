from contacts.cases.urls import urlpatterns as cases
from contacts.followups.urls import urlpatterns as followups
from contacts.intake.urls import urlpatterns as intake

app_name = "contacts"
urlpatterns = [*intake, *followups, *cases]
