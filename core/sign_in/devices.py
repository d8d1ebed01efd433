"""What kind of browser a session is in, in a few words that its owner recognises. Pure."""

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_in_words(user_agent: str) -> str:
    """Such as "Firefox op Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "Onbekende browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "onbekend apparaat")
    return f"{browser} op {system}"
