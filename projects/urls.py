from projects.finance.urls import urlpatterns as finance
from projects.ideas.urls import urlpatterns as ideas
from projects.pipeline.urls import urlpatterns as pipeline
from projects.similar.urls import urlpatterns as similar

app_name = "projects"
urlpatterns = [*ideas, *similar, *pipeline, *finance]
