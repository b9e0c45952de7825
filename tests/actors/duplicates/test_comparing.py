import pytest

from actors.duplicates.comparing import POINTS, PROPOSED_FROM, Profile, compare, metres_between
from actors.duplicates.spelling import digits_of, host_of, street_of, words_of

HERE, NEXT_DOOR, ELSEWHERE = (52.5200, 13.3400), (52.5202, 13.3401), (52.5300, 13.3400)


def profile(name, *, kind="organisation", given="", email="", phone="", web="", street="", at=None):
    result = Profile(kind, name, given)
    result.add_email(email)
    result.add_phone(phone)
    result.add_website(web)
    result.add_address(street, *(at or (None, None)))
    return result


def person(name, given="", **contact):
    return profile(name, kind="person", given=given, **contact)


MARKET = {"street": "Marktplatz 3"}
SAME = [
    ("spelling", profile("Optik Meier", **MARKET), profile("Optik Maier", street="Marktpl. 3")),
    ("legal form", profile("Modehaus Groß", **MARKET), profile("Modehaus Gross OHG", **MARKET)),
    (
        "umlaut",
        profile("Bäckerei Müller GmbH", **MARKET),
        profile("Baeckerei Mueller", **MARKET),
    ),
    (
        "swapped words",
        profile("Buchhandlung am Markt, Inh. Petra Schulze", **MARKET),
        profile("Buchhandlung Schulze am Markt", **MARKET),
    ),
    (
        "shared phone",
        profile("Salon Haargenau", phone="030 / 12 34 56"),
        profile("Friseur Haargenau", phone="+49 (0)30 123456"),
    ),
    ("foreign word", profile("Café Central", **MARKET), profile("Cafe Zentral", **MARKET)),
    ("one word or two", profile("Käse Hof", **MARKET), profile("Käsehof", **MARKET)),
    (
        "no number, next door",
        profile("Feinkost Oliveto", at=HERE),
        profile("Oliveto Feinkost", at=NEXT_DOOR),
    ),
    (
        "moved, but the same mail and phone",
        profile("Atelier Licht", email="a@x.org", phone="030 123456", **MARKET),
        profile("Atelier Licht", email="A@X.org", phone="030123456", street="Torgasse 9"),
    ),
    (
        "swapped names of a person",
        person("Schulze", "Petra", email="p@x.org"),
        person("Petra", "Schulze", email="p@x.org"),
    ),
    (
        "heard and written",
        person("Maier", "Stephan", phone="030 123456"),
        person("Meier", "Stefan", phone="030 123456"),
    ),
    (
        "initial",
        person("Vogel", "A.", phone="030 123456"),
        person("Vogel", "Anna", phone="030 123456"),
    ),
]
ALIKE = [
    (
        "two branches of a chain",
        profile("Drogerie Sauber", web="https://sauber.example", **MARKET),
        profile("Drogerie Sauber", web="https://www.sauber.example/b", street="Bahnhofstraße 9"),
    ),
    (
        "two branches with the mail of their head office",
        profile("Drogerie Sauber", email="info@sauber.example", at=HERE),
        profile("Drogerie Sauber", email="info@sauber.example", at=ELSEWHERE),
    ),
    (
        "a business and its branch",
        profile("Bäckerei Mehl", phone="030 123456"),
        profile("Bäckerei Mehl Filiale Bahnhof", phone="030 123456"),
    ),
    (
        "two doctors at one address",
        profile("Praxis Dr. Anna Vogel", phone="030 123456", **MARKET),
        profile("Praxis Dr. Jens Vogel", phone="030 123456", **MARKET),
    ),
    (
        "two doctors of other names",
        profile("Zahnarztpraxis Dr. Perlmann", phone="030 123456", **MARKET),
        profile("Zahnarztpraxis Dr. Kern", phone="030 123456", **MARKET),
    ),
    (
        "the same trade next door",
        profile("Optik Meier", **MARKET),
        profile("Optik Bauer", **MARKET),
    ),
    (
        "a family with two businesses",
        profile("Bäckerei Müller", phone="030 123456", **MARKET),
        profile("Friseur Müller", phone="030 123456", **MARKET),
    ),
    (
        "clubs of one town in one house",
        profile("Birkenfurter Heimatverein", **MARKET),
        profile("Birkenfurter Turnverein", **MARKET),
    ),
    ("contained", profile("Apotheke", **MARKET), profile("Apotheke am Anger", **MARKET)),
    ("numbers", profile("Kita 1", phone="030 123456"), profile("Kita 2", phone="030 123456")),
    (
        "a couple",
        person("Müller", "Petra", phone="030 123456", **MARKET),
        person("Müller", "Peter", phone="030 123456", **MARKET),
    ),
    (
        "family name only",
        person("Müller", phone="030 123456", **MARKET),
        person("Müller", "Anna", phone="030 123456", **MARKET),
    ),
    (
        "a person and a business",
        person("Schulze", "Petra", email="info@schulze.example"),
        profile("Schulze", email="info@schulze.example"),
    ),
    (
        "page on a platform",
        profile("Lichtblick", web="https://facebook.com/lichtblick"),
        profile("Lichtblick", web="https://www.facebook.com/lichtblick"),
    ),
]


@pytest.mark.parametrize(("first", "second"), [r[1:] for r in SAME], ids=[r[0] for r in SAME])
def test_planted_duplicates_are_proposed(first, second):
    for one, two in ((first, second), (second, first)):
        result = compare(one, two)

        assert result.is_proposed
        assert result.score >= PROPOSED_FROM


@pytest.mark.parametrize(("first", "second"), [r[1:] for r in ALIKE], ids=[r[0] for r in ALIKE])
def test_planted_look_alikes_are_not_proposed(first, second):
    for one, two in ((first, second), (second, first)):
        result = compare(one, two)

        assert result is None or not result.is_proposed


@pytest.mark.parametrize("name", ["Buchhandlung Seitenwechsel", "Apotheke"])
def test_name_alone_is_never_proposed(name):
    result = compare(profile(name), profile(name))

    assert (result.score, result.is_proposed) == (PROPOSED_FROM - 1, False)


def test_reasons_name_each_field_with_both_values():
    first = profile("Optik Meier", email="info@meier.example", phone="030 1234567", **MARKET)
    second = profile("Optik Maier", email="info@maier.example", phone="030/1234567", **MARKET)

    rows = compare(first, second).reasons

    assert [(r["field"], r["score"], r["points"], r["first"], r["second"]) for r in rows] == [
        ("name", 80, 40, "Optik Meier", "Optik Maier"),
        ("email", 0, 0, "info@meier.example", "info@maier.example"),
        ("phone", 100, POINTS["phone"], "030 1234567", "030/1234567"),
        ("address", 100, POINTS["address"], "Marktplatz 3", "Marktplatz 3"),
    ]


def test_mail_and_website_of_one_domain_count_once():
    contact = {"email": "info@x.example", "web": "https://x.example"}

    points = {
        r["field"]: r["points"]
        for r in compare(profile("Lupe", **contact), profile("Lupe", **contact)).reasons
    }

    assert points == {"name": 50, "email": POINTS["email"], "website": 0}


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("030 / 12 34-56", "030123456"),
        ("+49 (0)30 123456", "030123456"),
        ("+49 30 123456", "030123456"),
        ("0049 30 123456", "030123456"),
        ("110", ""),
        ("", ""),
        ("٠٣٠١٢٣٤٥٦", ""),
    ],
)
def test_phone_is_compared_by_its_digits(number, digits):
    assert digits_of(number) == digits


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.Laden.example/shop?x=1", "laden.example"),
        ("laden.example", "laden.example"),
        ("https://m.facebook.com/laden", ""),
        ("http://[kaputt", ""),
        ("", ""),
    ],
)
def test_website_is_compared_by_its_host(website, host):
    assert host_of(website) == host


def test_street_is_compared_without_its_spelling():
    assert street_of("Marktpl. 3 a") == street_of("marktplatz 3A")
    assert street_of("Lange Str. 7") == street_of("Lange Straße 7")


def test_a_name_that_is_only_a_legal_form_stays():
    assert words_of("GmbH & Co. KG") == ("gmbh", "co", "kg")


def test_distance_is_in_metres():
    assert round(metres_between((52.52, 13.34), (52.53, 13.34))) == 1112
