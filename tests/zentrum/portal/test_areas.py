import pytest
from django.urls import reverse

from tests.factories.office import CentreFactory

pytestmark = pytest.mark.django_db
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[13.0, 52.0], [13.1, 52.0], [13.1, 52.1], [13.0, 52.0]]],
}


def names(client, query=""):
    features = client.get(reverse("portal:areas") + query).json()["features"]
    return [feature["properties"]["name"] for feature in features]


def test_areas_are_the_boundaries_of_the_centres_that_have_one(client):
    CentreFactory(name="Altstadt", area=SQUARE)
    CentreFactory(name="Ohne Gebiet")

    data = client.get(reverse("portal:areas")).json()

    assert data == {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": SQUARE, "properties": {"name": "Altstadt"}},
        ],
    }


@pytest.mark.parametrize(
    "query", ["?centre=x", "?centre=", "?centre=²", "?centre=9999999999999999"]
)
def test_nonsense_asks_for_all_areas(client, query):
    CentreFactory(name="Altstadt", area=SQUARE)

    assert names(client, query) == ["Altstadt"]


def test_one_centre_can_be_asked_for(client):
    CentreFactory(name="Altstadt", area=SQUARE)
    station = CentreFactory(name="Bahnhof", area=SQUARE)

    assert names(client, f"?centre={station.pk}") == ["Bahnhof"]
