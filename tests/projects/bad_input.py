"""What people and programs type into forms; none of it may break a page."""

TEXTS = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "emoji": "🏛️ Bänke 👩‍👩‍👧 für alle",
    "right-to-left": "مقاعد للجميع \u202e",
    "long line": "x" * 3000,
    "ten megabytes": "y" * 10_000_000,
    "null byte": "Bänke\0",
    "braces": "{{ idea.text }} {% url 'x' %} %(x)s %s",
    "blank": "   ",
}
NUMBERS = ["", "abc", "-1", "9" * 40, "1e309", "NaN", "0x10", "1.5"]
DAYS = ["gestern", "31.02.2026", "0000-00-00", "2026-13-01", "99999-01-01", "\0"]
