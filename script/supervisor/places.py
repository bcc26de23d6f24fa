"""Where things are. All that a command makes is in var/ (or CHATR_VAR), .venv/, node_modules/, static/built/ and
static/fonts/."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("CHATR_VAR") or ROOT / "var").absolute()
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SCRIPT = ROOT / "script"
# Made from the checkout's own files, so shared by everything that runs in this checkout.
SHARED = ROOT / "var"
STATIC_BUILT = ROOT / "static" / "built"
STATIC_ROOT = SHARED / "static"


def shown(path: Path) -> str:
    """The path as a person in the checkout would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
