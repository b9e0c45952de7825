"""Re-exports the models of the slices."""

from projects.documents.models import Document
from projects.finance.models import Booking
from projects.finance.sums import YearSum
from projects.ideas.comments import Comment
from projects.ideas.followers import IdeaFollower
from projects.ideas.models import Idea
from projects.ideas.supporters import Supporter
from projects.ideas.worksheets import Worksheet
from projects.notices.models import SiteNotice, SiteNoticeRecipient
from projects.pipeline.dependencies import Dependency
from projects.pipeline.followers import ProjectFollower
from projects.pipeline.milestones import Milestone
from projects.pipeline.models import Project
from projects.pipeline.participants import Participant
from projects.pipeline.progress_notes import ProgressNote
from projects.programme.indicators import Indicator, Reading
from projects.programme.models import FieldOfAction
from projects.programme.programmes import Goal, Programme
from projects.similar.models import Synonym, SynonymGroup

__all__ = [
    "Booking",
    "Comment",
    "Dependency",
    "Document",
    "FieldOfAction",
    "Goal",
    "Idea",
    "IdeaFollower",
    "Indicator",
    "Milestone",
    "Participant",
    "Programme",
    "ProgressNote",
    "Project",
    "ProjectFollower",
    "Reading",
    "SiteNotice",
    "SiteNoticeRecipient",
    "Supporter",
    "Synonym",
    "SynonymGroup",
    "Worksheet",
    "YearSum",
]
