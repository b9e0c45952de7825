from projects.ideas.urls import urlpatterns as ideas
from projects.pipeline.urls import urlpatterns as pipeline

app_name = "projects"
urlpatterns = [*ideas, *pipeline]
