"""docs/settings.md has a row for every variable the settings read, and for no other."""

import re

from supervisor import lint, places

OF_THE_COMMANDS = {"PORT", "CHATR_VAR", "CHROMIUM"}


def test_every_setting_is_explained():
    explained = set(re.findall(r"^\| `([A-Z0-9_]+)`", (places.ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
    assert explained - OF_THE_COMMANDS == lint.settings_read()
