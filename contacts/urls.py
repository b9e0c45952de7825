from contacts.cases.urls import urlpatterns as cases
from contacts.consultations.urls import urlpatterns as consultations
from contacts.followups.urls import urlpatterns as followups
from contacts.intake.urls import urlpatterns as intake
from contacts.mailbox.urls import urlpatterns as mailbox

app_name = "contacts"
urlpatterns = [*intake, *mailbox, *followups, *consultations, *cases]
