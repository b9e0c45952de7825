from projects.documents.urls import urlpatterns as documents
from projects.finance.urls import urlpatterns as finance
from projects.ideas.urls import urlpatterns as ideas
from projects.notices.urls import urlpatterns as notices
from projects.pipeline.urls import urlpatterns as pipeline
from projects.programme.urls import urlpatterns as programme
from projects.similar.urls import urlpatterns as similar

app_name = "projects"
urlpatterns = [*programme, *ideas, *similar, *pipeline, *documents, *notices, *finance]
