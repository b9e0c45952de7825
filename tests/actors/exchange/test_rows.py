import pytest
from django.core.exceptions import ValidationError

from actors.exchange.deciding import display_name, fingerprint, merged
from actors.exchange.mapping import checked, guess
from actors.exchange.rows import values_of

COLUMNS = [
    "external_id",
    "name",
    "category",
    "street",
    "house_number",
    "latitude",
    "longitude",
    "email",
    "phone",
    "website",
    "description",
    "postcode",
]
MAPPING = {name: name for name in COLUMNS}


def values(**given):
    cells = dict.fromkeys(COLUMNS, "") | {"external_id": "1", "name": "Laden"} | given
    return values_of(cells, MAPPING)


def test_german_and_english_headings_are_guessed():
    english = ["category", "id", "name", "street", "zip_code", "lat", "lon", "geojson_feature_id"]
    german = ["Nr.", "Firma", "Straße", "Hausnummer", "PLZ", "Ort", "E-Mail", "Telefon", "Branche"]

    assert guess(english) == {
        "external_id": "id",
        "name": "name",
        "category": "category",
        "street": "street",
        "postcode": "zip_code",
        "latitude": "lat",
        "longitude": "lon",
    }
    assert guess(german) == {
        "external_id": "Nr.",
        "name": "Firma",
        "category": "Branche",
        "street": "Straße",
        "house_number": "Hausnummer",
        "postcode": "PLZ",
        "town": "Ort",
        "email": "E-Mail",
        "phone": "Telefon",
    }
    assert guess(["Firma", "Str.", "Hausnr."]) == {
        "name": "Firma",
        "street": "Str.",
        "house_number": "Hausnr.",
    }


@pytest.mark.parametrize(
    ("mapping", "named"),
    [
        ({"name": "Firmenname"}, "Firma, Ort"),
        ({"nam": "Firma"}, "nam"),
        ({"street": "Ort"}, "Firma, Ort"),
        (["name"], "name"),
        ({"name": 1}, "name"),
    ],
)
def test_wrong_mapping_names_what_there_is(mapping, named):
    with pytest.raises(ValidationError) as refusal:
        checked(mapping, ["Firma", "Ort"])

    assert named in refusal.value.messages[0]


def test_values_are_cleaned():
    assert values(
        name=" Café \n Möwe ",
        category="cafes; bars;cafes",
        street="Turmstraße",
        house_number="5a",
        latitude="52,5",
        longitude="13.3",
        email="Info@Cafe.example",
        website="cafe.example",
    ) == {
        "external_id": "1",
        "name": "Café Möwe",
        "categories": ["cafes", "bars"],
        "street": "Turmstraße 5a",
        "latitude": 52.5,
        "longitude": 13.3,
        "email": "info@cafe.example",
        "website": "https://cafe.example",
    }


@pytest.mark.parametrize(
    "given",
    [
        {"external_id": ""},
        {"external_id": "9" * 201},
        {"name": "x" * 201},
        {"name": ""},
        {"latitude": "52.5"},
        {"latitude": "nördlich", "longitude": "13"},
        {"latitude": "91", "longitude": "13"},
        {"latitude": "nan", "longitude": "13"},
        {"latitude": "52", "longitude": "inf"},
        {"email": "keine"},
        {"website": "javascript:alert(1)"},
        {"website": "kein netz"},
        {"postcode": "1" * 11},
        {"phone": "0" * 41},
        {"description": "x" * 5001},
        {"category": "x" * 101},
    ],
)
def test_bad_value_is_refused_with_a_reason(given):
    with pytest.raises(ValidationError) as refusal:
        values(**given)

    assert len(refusal.value.messages[0]) > 10


@pytest.mark.parametrize("text", ["ä" * 200, "👩🏽‍🍳", "مخبز", "<script>alert(1)</script>"])
def test_unusual_text_is_kept(text):
    assert values(name=text)["name"] == text


def test_list_without_identifiers_tells_rows_apart_by_name_and_street():
    mapping = {"name": "n", "street": "s"}

    first = values_of({"n": "Café Möwe", "s": "Weg 1"}, mapping)
    again = values_of({"n": "CAFÉ  Möwe ", "s": "weg 1"}, mapping)
    other = values_of({"n": "Café Möwe", "s": "Weg 2"}, mapping)

    assert first["external_id"] == again["external_id"]
    assert first["external_id"] != other["external_id"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (
            {"name": "", "category": "cafes", "street": "Turmstraße 3"},
            "Café ohne Namen, Turmstraße 3",
        ),
        ({"name": "", "category": "playgrounds"}, "Spielplatz ohne Namen"),
        ({"name": "", "category": "Bäckerei"}, "Bäckerei ohne Namen"),
        ({"name": "", "street": "Weg 1"}, "Ort ohne Namen, Weg 1"),
    ],
)
def test_place_without_a_name_is_called_by_kind_and_street(given, name):
    assert display_name(values(**given)) == name


def test_empty_cells_and_lacking_categories_take_nothing_away():
    old = {"name": "Laden", "phone": "030 1", "categories": ["cafes", "bars"]}

    assert merged(old, {"name": "Laden", "categories": ["bars"]}) == old
    assert fingerprint(old) == fingerprint(old | {"categories": ["bars", "cafes"]})
