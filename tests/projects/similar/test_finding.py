"""Similar ideas and projects: which are found in the database, for whom, at what cost."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Idea, Project
from projects.similar import finding
from projects.similar.matching import Text
from projects.similar.words import stems
from tests.factories.office import CentreFactory
from tests.factories.projects import IdeaFactory, ProjectFactory
from tests.projects.bad_input import TEXTS
from tests.projects.similar.test_matching import GROUPS, SAME, UNLIKE
from zentrum.local.demo.synonyms import build_synonyms

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
MARKET, STATION, FAR_AWAY = (52.5300, 13.3400), (52.5310, 13.3410), (52.5900, 13.4500)


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def _synonyms():
    build_synonyms()


def idea(title, centre, **fields):
    fields = {"text": "Ohne weitere Worte."} | fields
    if "at" in fields:
        fields["latitude"], fields["longitude"] = fields.pop("at")
    return IdeaFactory(title=title, centre=centre, **fields)


def released(title, centre, public_text="Öffentlich.", **fields):
    return idea(
        title, centre, public_text=public_text, released_at=NOW, author_confirmed_at=NOW, **fields
    )


def project(title, centre, summary="Kurz.", **fields):
    return ProjectFactory(title=title, centre=centre, summary=summary, **fields)


def staff(title, text="", **fields):
    found = finding.for_staff(
        Text(title, text, **fields), Idea.objects.all(), Project.objects.all()
    )
    return [hit.row.title for hit in found]


def everybody(title, centre, text=""):
    return [hit.row.title for hit in finding.for_everybody(Text(title, text), centre)]


@pytest.mark.parametrize(
    "text",
    [
        "Bänke, Straßen & Œuvre – E‑Bike",
        "Räder Kindern Körben Bügeln Theaters Haus schönere Ideen",
        "  ",
        "ÉCOLE Ljubljana Łódź",
    ],
)
def test_the_database_cuts_words_as_the_code_does(centre, text):
    row = idea(text, centre, text="")
    row.refresh_from_db()

    words = stems(text).split()
    kept = {entry.split(":")[0].strip("'") for entry in row.likeness.split()}
    assert kept == {*words, *(word[::-1] for word in words)}


@pytest.mark.usefixtures("_synonyms")
@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_idea_is_found_among_others(centre, one, other):
    for title in ("Taubenplage am Rathaus", "Blumen im Park", "Feuerwehrhaus"):
        idea(title, centre)
    idea(other, centre)
    project(other, centre)

    assert staff(one) == [other, other]


@pytest.mark.usefixtures("_synonyms")
@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_another_idea_is_not_found(centre, one, other):
    idea(other, centre)
    project(other, centre)

    assert staff(one) == []


def test_the_demo_knows_the_words_of_the_table():
    build_synonyms()
    kept = {str(group) for group in finding.meanings.Synonym.objects.values_list("word", flat=True)}

    assert {word for group in GROUPS for word in group} <= kept


def test_a_word_counts_as_soon_as_the_office_knows_it(centre):
    idea("Sitzgelegenheiten", centre)
    assert staff("Bank") == []

    build_synonyms()

    assert staff("Bank") == ["Sitzgelegenheiten"]


def test_what_the_text_says_helps_a_title_that_says_little(centre):
    idea("Trinkbrunnen auf dem Marktplatz", centre)

    assert staff("Meine Idee", "Ein Trinkbrunnen wäre schön.") == [
        "Trinkbrunnen auf dem Marktplatz"
    ]
    assert staff("Meine Idee", "Mehr Blumen wären schön.") == []


def test_two_things_named_only_in_the_text_are_found(centre):
    idea("Wasser für alle", centre, text="Ein Trinkbrunnen neben der Linde am Markt.")

    assert staff("Trinkbrunnen bei der Linde") == ["Wasser für alle"]
    assert staff("Trinkbrunnen am Bahnhof") == []


def test_the_nearer_of_two_comes_first_and_says_how_far(centre):
    far = idea("Trinkbrunnen", centre, at=FAR_AWAY)
    near = idea("Ein Trinkbrunnen mit Schale", centre, at=STATION)

    found = finding.for_staff(
        Text("Trinkbrunnen mit Schale", position=MARKET), Idea.objects.all(), Project.objects.all()
    )

    assert [hit.row for hit in found] == [near, far]
    assert found[0].metres == 130
    assert found[0].score > found[1].score


def test_far_away_a_vague_likeness_is_none(centre):
    idea("Bänke und Blumen", centre, at=FAR_AWAY)

    assert staff("Bänke mit Tischen", position=FAR_AWAY) == ["Bänke und Blumen"]
    assert staff("Bänke mit Tischen", position=MARKET) == []


def test_at_most_five_the_best_first(centre):
    for number in range(20):
        idea(f"Trinkbrunnen Nummer {number} mit Schale", centre)
    idea("Trinkbrunnen", centre)

    found = staff("Trinkbrunnen")

    assert (len(found), found[0]) == (5, "Trinkbrunnen")


def test_everybody_finds_only_public_rows_of_the_centre(centre):
    idea("Trinkbrunnen intern", centre)
    released("Trinkbrunnen öffentlich", centre)
    released("Trinkbrunnen anderswo", CentreFactory())
    target = released("Wasserspender", centre)
    released("Trinkbrunnen doppelt", centre, state="merged", reason="Eins", merged_into=target)
    released("Trinkbrunnen zurück", centre, state="withdrawn")
    project("Trinkbrunnen intern geplant", centre)
    project("Trinkbrunnen gebaut", centre, is_public=True)
    project("Trinkbrunnen anderswo gebaut", CentreFactory(), is_public=True)

    assert sorted(everybody("Trinkbrunnen", centre)) == [
        "Trinkbrunnen gebaut",
        "Trinkbrunnen öffentlich",
    ]


def test_everybody_finds_nothing_by_internal_words(centre):
    secret = {"text": "Sagt Erika Mustermann aus dem Blumenladen."}
    released("Wasser", centre, public_text="Trinken am Markt.", **secret)

    assert everybody("Mustermann Blumenladen", centre) == []
    assert everybody("Trinken und Wasser", centre) == ["Wasser"]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_text_breaks_the_search(centre, text):
    idea("Trinkbrunnen", centre)

    assert staff(text, text, place=text[:200]) == []


@pytest.mark.usefixtures("_synonyms")
@pytest.mark.parametrize("count", [1, 2])
def test_the_search_needs_the_same_queries_for_any_number(centre, count):
    for number in range(count):
        idea(f"Sitzbank {number}x", centre)
        project(f"Parkbank {number}x", centre)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = staff("Eine Bank am Markt", "Daneben Papierkorb und Laterne")

    assert found
    assert len(queries) == 5
