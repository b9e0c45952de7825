import os
import zlib
from io import BytesIO
from urllib.error import HTTPError, URLError

import pytest
from django.urls import reverse

from tests.concurrency import run_at_once
from tests.factories.office import CentreFactory
from zentrum.portal import tiling

pytestmark = pytest.mark.django_db
BERLIN = {"latitude": 52.5262, "longitude": 13.3416}
NEAR = (16, 35196, 21490)  # the tile of that place
PICTURE = tiling.PNG + b"a street"


class Provider:
    """Stands where the tile server is: answers, and counts who asks."""

    def __init__(self):
        self.asked = []
        self.answer = PICTURE

    def __call__(self, request, timeout):
        self.asked.append((request.full_url, request.headers["User-agent"], timeout))
        if isinstance(self.answer, Exception):
            raise self.answer
        return BytesIO(self.answer)


@pytest.fixture
def provider(monkeypatch, settings, tmp_path):
    settings.TILE_URL = "https://tiles.example.org/{z}/{y}/{x}.png"
    settings.TILE_CACHE = tmp_path
    provider = Provider()
    monkeypatch.setattr(tiling, "urlopen", provider)
    return provider


@pytest.fixture(autouse=True)
def centre():
    return CentreFactory(**BERLIN)


def get(client, z, x, y):
    return client.get(reverse("portal:tile", args=[z, x, y]))


def test_tile_is_fetched_once_and_kept(client, provider):
    first, second = get(client, *NEAR), get(client, *NEAR)

    assert (first.content, second.content) == (PICTURE, PICTURE)
    assert first["Content-Type"] == "image/png"
    assert first["Cache-Control"] == "public, max-age=604800"
    url, agent, timeout = provider.asked[0]
    assert url == "https://tiles.example.org/16/21490/35196.png"
    assert (agent.startswith("Zentrum/"), timeout) == (True, 3)
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    ("z", "x", "y"),
    [
        (16, 35196 + 40, 21490),  # too far east
        (16, 35196, 21490 - 40),
        (16, 0, 0),
        (20, 563136, 343840),  # beyond the deepest zoom
        (3, 8, 0),  # no such column
        (8, 10, 10),  # Alaska
        (999999999, 1, 1),
    ],
)
def test_tile_elsewhere_is_grey_and_not_fetched(client, provider, z, x, y):
    response = get(client, z, x, y)

    assert (response.status_code, response.content) == (200, tiling.GREY.content)
    assert provider.asked == []


@pytest.mark.parametrize(("z", "x", "y"), [(5, 17, 10), (8, 137, 83), (19, 281570, 171925)])
def test_tile_of_the_country_and_of_the_centre_is_served(client, provider, z, x, y):
    assert get(client, z, x, y).status_code == 200


def test_area_of_a_centre_counts(client, provider, centre):
    hamburg = [[9.9, 53.5], [10.1, 53.5], [10.1, 53.6], [9.9, 53.6], [9.9, 53.5]]
    assert get(client, 14, 8647, 5293).content == tiling.GREY.content

    centre.area = {"type": "Polygon", "coordinates": [hamburg]}
    centre.save()
    tiling.cache.clear()

    assert get(client, 14, 8647, 5293).content == PICTURE


@pytest.mark.parametrize(
    "trouble",
    [
        URLError("no route"),
        TimeoutError("too slow"),
        HTTPError("u", 503, "busy", {}, None),
        b"<html>please pay</html>",
        tiling.PNG + b"x" * tiling.LARGEST,
    ],
)
def test_outage_shows_a_grey_tile_and_pauses_all_fetching(client, provider, trouble):
    provider.answer = trouble

    first, second = get(client, *NEAR), get(client, 16, NEAR[1] + 1, NEAR[2])

    assert [first.content, second.content] == [tiling.GREY.content] * 2
    assert first["Cache-Control"] == "public, max-age=60"
    assert len(provider.asked) == 1
    assert list(tiling.settings.TILE_CACHE.iterdir()) == []


def test_missing_tile_pauses_nothing(client, provider):
    provider.answer = HTTPError("u", 404, "none", {}, None)
    assert get(client, *NEAR).content == tiling.GREY.content

    provider.answer = PICTURE
    assert get(client, 16, NEAR[1] + 1, NEAR[2]).content == PICTURE


def test_old_tile_is_renewed_or_serves_on(client, provider):
    get(client, *NEAR)
    (kept,) = tiling.settings.TILE_CACHE.rglob("*.tile")
    os.utime(kept, (0, 0))
    provider.answer = URLError("no route")
    assert get(client, *NEAR).content == PICTURE

    tiling.cache.clear()
    provider.answer = tiling.PNG + b"a new street"
    assert get(client, *NEAR).content == provider.answer


def test_full_disk_hides_no_tile(client, provider, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.TILE_CACHE = tmp_path / "file" / "below"

    assert get(client, *NEAR).content == PICTURE


def test_provider_that_is_no_web_address_is_never_opened(client, provider, settings):
    settings.TILE_URL = "file:///etc/{z}{x}{y}"

    assert get(client, *NEAR).content == tiling.GREY.content
    assert provider.asked == []


@pytest.mark.django_db(transaction=True)
def test_tile_asked_for_at_once_is_whole_for_everybody(provider):
    tiles = run_at_once(lambda: tiling.tile(*NEAR))

    assert [tile.content for tile in tiles] == [PICTURE] * 4
    assert [path.suffix for path in tiling.settings.TILE_CACHE.rglob("*.*")] == [".tile"]


def test_grey_tile_is_a_picture_that_programs_can_read():
    content = tiling.grey_png()
    header, data = content.split(b"IDAT")[0], content.split(b"IDAT")[1].split(b"IEND")[0]

    assert header.startswith(tiling.PNG)
    assert len(zlib.decompress(data[:-8])) == 256 * 257
