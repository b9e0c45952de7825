"""Re-exports the models of the slices."""

from projects.finance.models import Booking
from projects.finance.sums import YearSum
from projects.ideas.models import Idea, IdeaFollower
from projects.pipeline.models import Milestone, Project
from projects.pipeline.participants import Participant
from projects.pipeline.progress_notes import ProgressNote
from projects.programme.models import FieldOfAction
from projects.similar.models import Synonym, SynonymGroup

__all__ = [
    "Booking",
    "FieldOfAction",
    "Idea",
    "IdeaFollower",
    "Milestone",
    "Participant",
    "ProgressNote",
    "Project",
    "Synonym",
    "SynonymGroup",
    "YearSum",
]
