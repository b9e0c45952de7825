import json

import pytest
from django.core.exceptions import ValidationError

from zentrum.office.boundaries import MOST_POINTS, hectares, is_far_from, read_boundary

RING = [[13.37, 52.42], [13.38, 52.42], [13.38, 52.43], [13.37, 52.43], [13.37, 52.42]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


def moved(east):
    ring = [[round(x + east, 6), y] for x, y in RING]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry):
    return {"type": "Feature", "properties": {"name": "Mitte"}, "geometry": geometry}


def collection(*geometries):
    return {"type": "FeatureCollection", "features": [feature(one) for one in geometries]}


def points(area):
    return {tuple(place) for place in area["coordinates"][0]}


@pytest.mark.parametrize("given", [POLYGON, feature(POLYGON), collection(POLYGON)])
def test_area_is_read_from_whatever_it_is_wrapped_in(given):
    area = read_boundary(json.dumps(given))

    assert (area["type"], points(area)) == ("Polygon", points(POLYGON))


def test_heights_are_dropped_and_places_rounded():
    ring = [[x + 1e-9, y, 34.5] for x, y in RING]

    area = read_boundary(json.dumps({"type": "Polygon", "coordinates": [ring]}).encode())

    assert points(area) == points(POLYGON)


def test_several_areas_become_one_and_touching_ones_are_joined():
    apart = read_boundary(json.dumps(collection(POLYGON, moved(0.05))))
    touching = read_boundary(json.dumps(collection(POLYGON, moved(0.01))))

    assert (apart["type"], len(apart["coordinates"])) == ("MultiPolygon", 2)
    assert touching["type"] == "Polygon"


BOW = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
BAD = {
    "nothing": "",
    "no JSON": "Mitte",
    "other bytes": b"\xff\xfe\x00",
    "too deep": "[" * 100_000,
    "a number": "1",
    "no area": json.dumps({"type": "FeatureCollection", "features": []}),
    "no geometry": json.dumps({"type": "Feature", "geometry": None}),
    "features of no kind": json.dumps({"type": "FeatureCollection", "features": [1, None, "x"]}),
    "a point": json.dumps({"type": "Point", "coordinates": [13, 52]}),
    "a line": json.dumps({"type": "LineString", "coordinates": RING}),
    "across itself": json.dumps({"type": "Polygon", "coordinates": [BOW]}),
    "words": json.dumps({"type": "Polygon", "coordinates": [[["a", "b"]]]}),
    "no ring": json.dumps({"type": "Polygon", "coordinates": []}),
    "flat": json.dumps({"type": "Polygon", "coordinates": [[1, 2, 3]]}),
    "half a ring": json.dumps({"type": "Polygon", "coordinates": [RING[:2]]}),
    "metres": json.dumps({"type": "Polygon", "coordinates": [[[x * 1e5, y] for x, y in RING]]}),
    "not finite": '{"type": "Polygon", "coordinates": [[[NaN, 1], [1, 1], [1, 0], [NaN, 1]]]}',
    "infinite": '{"type": "Polygon", "coordinates": [[[1e999, 1], [1, 1], [1, 0], [1e999, 1]]]}',
    "empty rings": json.dumps({"type": "MultiPolygon", "coordinates": []}),
    "a speck": json.dumps(
        {
            "type": "Polygon",
            "coordinates": [[[13, 52], [13.0000001, 52], [13, 52.0000001], [13, 52]]],
        }
    ),
}


@pytest.mark.parametrize("given", BAD.values(), ids=BAD)
def test_what_is_no_area_is_refused_in_words(given):
    with pytest.raises(ValidationError) as refusal:
        read_boundary(given)

    assert all(refusal.value.messages)


def test_boundary_of_too_many_points_is_refused():
    step = 0.1 / MOST_POINTS
    top = [[13 + n * step, 52 + (n % 2) * 0.001] for n in range(MOST_POINTS)]
    ring = [*top, [13.1, 51], [13, 51], top[0]]

    with pytest.raises(ValidationError) as refusal:
        read_boundary(json.dumps({"type": "Polygon", "coordinates": [ring]}))

    assert refusal.value.code == "long"


def test_swapped_numbers_lie_far_from_the_centre():
    swapped = {"type": "Polygon", "coordinates": [[[y, x] for x, y in RING]]}

    assert [is_far_from(area, 52.42, 13.37) for area in (POLYGON, swapped)] == [False, True]
    assert not is_far_from(swapped, None, None)


def test_hectares_are_those_of_the_ground():
    """A hundredth of a degree at 52.4° north is 679 by 1113 metres."""
    assert hectares(POLYGON) == pytest.approx(75.6, abs=0.5)
