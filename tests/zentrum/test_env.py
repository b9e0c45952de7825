import pytest
from django.core.exceptions import ImproperlyConfigured

from zentrum import env

SECRET = "s3cret"


def read(monkeypatch, reader, value, **options):
    monkeypatch.setenv("VALUE", value)
    return reader("VALUE", **options)


def refusal(reader, **options):
    with pytest.raises(ImproperlyConfigured) as refused:
        reader("VALUE", **options)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return str(refused.value)


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        (env.text, " a text ", "a text"),
        (env.flag, "True", True),
        (env.flag, "yes", True),
        (env.flag, "0", False),
        (env.flag, "off", False),
        (env.integer, "0", 0),
        (env.integer, "42", 42),
        (env.words, "a, b,,c ", ["a", "b", "c"]),
        (env.hosts, "portal.example.org,.example.org,[::1],*", 4),
        (env.address, "https://portal.example.org/", "https://portal.example.org"),
        (env.redis, "redis://:p@cache:6379/1", "redis://:p@cache:6379/1"),
        (env.redis, "rediss://cache", "rediss://cache"),
        (env.redis, "unix:///run/redis.sock", "unix:///run/redis.sock"),
    ],
)
def test_value_is_read_as_its_type(monkeypatch, reader, value, expected):
    found = read(monkeypatch, reader, value)

    assert (len(found) if reader is env.hosts else found) == expected


def test_database_address_becomes_a_database_of_django(monkeypatch):
    address = "postgres://zentrum:p%40ss@db:5433/town?sslmode=require"

    assert read(monkeypatch, env.database, address) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "town",
        "USER": "zentrum",
        "PASSWORD": "p@ss",
        "HOST": "db",
        "PORT": 5433,
        "OPTIONS": {"sslmode": "require"},
    }


def test_mail_address_becomes_the_mail_settings_of_django(monkeypatch):
    assert read(monkeypatch, env.mail, "smtp+tls://office%40example.org:p%2F@mail.example.org") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "office@example.org",
        "EMAIL_HOST_PASSWORD": "p/",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }
    assert read(monkeypatch, env.mail, "smtp+ssl://mail.example.org:466")["EMAIL_PORT"] == 466
    assert read(monkeypatch, env.mail, "file:///tmp/a%20folder") == {
        "EMAIL_BACKEND": "zentrum.local.mailbox.EmailBackend",
        "EMAIL_FILE_PATH": "/tmp/a folder",
    }
    assert read(monkeypatch, env.mail, "console://") == {
        "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"
    }


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        (env.flag, "perhaps", "true or false"),
        (env.integer, SECRET, "a whole number from 0"),
        (env.integer, "-1", "a whole number from 0"),
        (env.integer, "1" * 5000, "a whole number from 0"),
        (env.integer, "²", "a whole number from 0"),
        (env.hosts, "https://portal.example.org", "host names"),
        (env.hosts, ",", "host names"),
        (env.address, "portal.example.org", "a web address"),
        (env.address, "https://", "a web address"),
        (env.database, SECRET, "postgres://"),
        (env.database, f"mysql://u:{SECRET}@db/town", "postgres://"),
        (env.database, f"postgres://u:{SECRET}@db", "postgres://"),
        (env.database, f"postgres://u:{SECRET}@db:port/town", "postgres://"),
        (env.database, f"postgres://u:{SECRET}@[db/town", "postgres://"),
        (env.redis, "localhost:6379", "redis://"),
        (env.redis, f"redis://:{SECRET}@cache:99999/0", "redis://"),
        (env.redis, f"redis://:{SECRET}@cache/first", "redis://"),
        (env.redis, "unix://", "redis://"),
        (env.mail, "mail.example.org", "smtp+tls://"),
        (env.mail, f"smtps://u:{SECRET}@mail.example.org", "smtp+tls://"),
        (env.mail, "smtp://", "smtp+tls://"),
        (env.mail, "file://relative", "smtp+tls://"),
    ],
)
def test_malformed_value_names_itself_and_keeps_its_secret(monkeypatch, reader, value, expected):
    monkeypatch.setenv("VALUE", value)

    message = refusal(reader)

    assert message.startswith("VALUE is malformed. Expected: ")
    assert expected in message
    assert SECRET not in message


@pytest.mark.parametrize(
    "reader",
    ["text", "flag", "integer", "words", "hosts", "address", "database", "redis", "mail"],
)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_missing_value_names_itself_and_what_is_expected(monkeypatch, reader, value):
    monkeypatch.delenv("VALUE", raising=False)
    if value is not None:
        monkeypatch.setenv("VALUE", value)

    message = refusal(getattr(env, reader))

    assert message.startswith("VALUE is not set. Expected: ")
    assert message.endswith("VALUE_FILE may name a file with it instead.")


def test_default_stands_in_for_a_missing_value(monkeypatch):
    monkeypatch.delenv("VALUE", raising=False)

    assert env.text("VALUE", default="") == ""
    assert env.flag("VALUE", default=False) is False
    assert env.integer("VALUE", default=7) == 7
    assert env.words("VALUE", default=[]) == []
    assert env.choice("VALUE", ["a", "b"], default="a") == "a"


def test_choice_is_one_of_its_options(monkeypatch):
    assert read(monkeypatch, env.choice, "b", options=["a", "b"]) == "b"

    monkeypatch.setenv("VALUE", "c")

    assert refusal(env.choice, options=["a", "b"]) == "VALUE is malformed. Expected: one of a, b."


def test_integer_keeps_to_its_bounds(monkeypatch):
    assert read(monkeypatch, env.integer, "65535", minimum=1, maximum=65535) == 65535

    monkeypatch.setenv("VALUE", "65536")

    expected = "VALUE is malformed. Expected: a whole number from 1 to 65535."
    assert refusal(env.integer, minimum=1, maximum=65535) == expected


def test_secret_is_read_from_a_file(monkeypatch, tmp_path):
    path = tmp_path / "secret"
    path.write_text("from-a-file\n")
    monkeypatch.delenv("VALUE", raising=False)
    monkeypatch.setenv("VALUE_FILE", str(path))

    assert env.text("VALUE") == "from-a-file"


def test_secret_file_that_is_missing_or_no_text_is_named(monkeypatch, tmp_path):
    path = tmp_path / "secret"
    monkeypatch.delenv("VALUE", raising=False)
    monkeypatch.setenv("VALUE_FILE", str(path))
    expected = f"VALUE_FILE must name a readable text file, but {path} is none."

    assert refusal(env.text) == expected
    path.write_bytes(b"\xff\xfe")
    assert refusal(env.text) == expected


def test_value_given_twice_is_refused(monkeypatch, tmp_path):
    path = tmp_path / "secret"
    path.write_text(SECRET)
    monkeypatch.setenv("VALUE", SECRET)
    monkeypatch.setenv("VALUE_FILE", str(path))

    assert refusal(env.text) == "VALUE and VALUE_FILE are both set: keep one of them."
