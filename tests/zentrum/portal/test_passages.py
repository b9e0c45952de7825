import pytest

from zentrum.portal.passages import marked, passage


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Mueller am Markt", "Müller", "<mark>Mueller</mark> am Markt"),
        ("Müller am Markt", "mueller", "<mark>Müller</mark> am Markt"),
        ("STRASSE", "straße", "<mark>STRASSE</mark>"),
        ("Straßenlaterne", "strasse latern", "<mark>Straße</mark>n<mark>latern</mark>e"),
        ("Cafe\u0301 Zoe", "cafe", "<mark>Café</mark> Zoe"),
        ("<b>Bank</b>", "bank", "&lt;b&gt;<mark>Bank</mark>&lt;/b&gt;"),
        ("<script>", "script", "&lt;<mark>script</mark>&gt;"),
        ("Bänke", "xyz", "Bänke"),
        ("Banane", "ana anan", "B<mark>anan</mark>e"),
        ("a & b", "amp", "a &amp; b"),
        ("", "bank", ""),
        ("Bank", "", "Bank"),
    ],
)
def test_words_are_marked_in_either_spelling_and_escaped(text, words, expected):
    assert marked(text, words) == expected


def test_mistyped_word_marks_the_one_that_is_meant():
    assert marked("Neue Laterne am Markt", "latrene", typo=True) == (
        "Neue <mark>Laterne</mark> am Markt"
    )
    assert marked("Neue Laterne", "latrene") == "Neue Laterne"


def test_passage_is_cut_at_blanks_around_the_first_word():
    text = "vorher " * 30 + "die Laterne flackert " + "nachher " * 40

    piece = passage(["Bank", text], "laterne")

    assert piece.startswith("… vorher ")
    assert "die <mark>Laterne</mark> flackert" in piece
    assert piece.endswith(" nachher …")
    assert len(piece) < 230


def test_passage_is_empty_without_the_words():
    assert passage(["Bank", ""], "laterne") == ""


def test_long_word_without_blanks_is_cut_all_the_same():
    piece = passage(["x" * 500 + "laterne" + "y" * 500], "laterne")

    assert piece == f"… {'x' * 60}<mark>laterne</mark>{'y' * 120} …"
