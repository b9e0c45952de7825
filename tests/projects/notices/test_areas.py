"""Areas of a building site, and who has an address inside."""

import pytest
from django.core.exceptions import ValidationError
from shapely.geometry import shape

from actors.models import Actor
from projects.notices import nearby
from tests.factories.actors import ActorFactory, AddressFactory
from zentrum.office import areas
from zentrum.office.boundaries import hectares

SQUARE = "52.5300 13.3400\n52.5300 13.3415\n52.5309 13.3415\n52.5309 13.3400"  # about 100 × 100 m


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("52.53 13.34", (52.53, 13.34)),
        ("52,53 13,34", (52.53, 13.34)),
        ("52.53,13.34", (52.53, 13.34)),
        ("52.53; 13.34", (52.53, 13.34)),
        ("-3 -120", (-3, -120)),
        ("91 13", None),
        ("52.53 181", None),
        ("52.53", None),
        ("52 13 14", None),
        ("Lindenstraße 12 13", None),
        ("", None),
        ("1e309 1", None),
    ],
)
def test_two_numbers_are_a_place_however_they_are_written(text, expected):
    assert areas.position_in(text) == expected


def test_corners_become_an_area_and_corners_again():
    area = areas.from_corners(f"\n{SQUARE}\n\n52.5300 13.3400\n")

    assert hectares(area) == pytest.approx(1.01, abs=0.03)
    assert areas.from_corners(areas.corners_of(area)) == area


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("52.53 13.34\n52.54 13.34", "few"),
        ("52.53 13.34\n" * 5, "few"),
        ("52.53 13.34\n52.54 13.35\nMarkt 1", "corner"),
        ("52.53 13.34\n52.54 13.35\n95 13", "corner"),
        ("52.530 13.340\n52.531 13.341\n52.530 13.341\n52.531 13.340", "crossed"),
        ("52.530 13.340\n52.531 13.340\n52.532 13.340", "crossed"),
        ("\n".join(f"52.5{n:03} 13.34{n % 2}" for n in range(201)), "many"),
    ],
)
def test_what_is_no_area_is_refused_with_its_reason(text, code):
    with pytest.raises(ValidationError) as refused:
        areas.from_corners(text)

    assert refused.value.code == code


def test_circle_has_its_radius_in_metres():
    area = areas.around(52.53, 13.34, 100)

    assert shape(area).is_valid
    assert hectares(area) == pytest.approx(3.14, rel=0.01)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("latitude", "longitude", "metres", "is_inside"),
    [
        (52.5305, 13.3407, 0, True),
        (52.5300, 13.3400, 0, True),  # a corner
        (52.52960, 13.3407, 50, True),  # 44 metres south
        (52.52960, 13.3407, 40, False),
        (52.5305, 13.34224, 55, True),  # 50 metres east: a degree is shorter there
        (52.5305, 13.34224, 45, False),
        (52.52965, 13.33945, 50, False),  # within the box, but 54 metres from the corner
        (13.3407, 52.5305, 500, False),
    ],
)
def test_addresses_inside_and_as_near_as_the_metres_around_it(
    latitude, longitude, metres, is_inside
):
    address = AddressFactory(latitude=latitude, longitude=longitude)
    ActorFactory()

    found = nearby.actors_in(areas.from_corners(SQUARE), metres, Actor.objects.all())

    assert list(found) == ([address.actor] if is_inside else [])


@pytest.mark.django_db
def test_place_of_an_address_is_found_in_either_spelling():
    AddressFactory(street="Große Straße 12", latitude=52.53, longitude=13.34)
    AddressFactory(street="Große Straße 12a", latitude=52.54, longitude=13.35)
    AddressFactory(street="Ohne Ort 1")
    actors = Actor.objects.all()

    assert nearby.find_place("grosse strasse 12", actors) == (52.53, 13.34)
    assert nearby.find_place("52.5 13.3", actors) == (52.5, 13.3)
    for text in ("Ohne Ort 1", "Nirgendwo 9", "  ", "\u202e"):
        with pytest.raises(ValidationError):
            nearby.find_place(text, actors)
    with pytest.raises(ValidationError):
        nearby.find_place("Große Straße 12", Actor.objects.none())
