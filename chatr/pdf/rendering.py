"""Accessible PDF files from the templates in templates/pdf/, by Typst, with our own fonts and nothing else."""

import json
from functools import cache
from typing import Any

import typst
from django.conf import settings

from .text import FONTS, readable

TEMPLATES = settings.BASE_DIR / "templates" / "pdf"


class CannotMakePDF(Exception):
    """The file could not be made. Says so without a word of what was in it."""


def render(template: str, data: dict[str, Any], *, title: str) -> bytes:
    """A tagged PDF/UA-1 file. ``template`` names a file of templates/pdf/; ``data`` is all it knows.

    The data is handed over as JSON and never becomes Typst source. The file says its title and its language, and
    nothing about who made it or when; the same data gives the same bytes.

    :raises CannotMakePDF: if the fonts have not been built, or Typst refuses
    """
    compiler = typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(readable({**data, "title": title}))},
    )
    try:
        return compiler.compile(format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError:
        # Typst quotes the text it stumbled over; logs and error pages must not.
        raise CannotMakePDF("The file could not be made.") from None


@cache
def _fonts() -> typst.Fonts:
    """Our fonts, read once; neither the machine's nor the ones Typst brings."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    if not fonts.families():
        raise CannotMakePDF("The fonts of PDF files are not there. Run: npm ci --ignore-scripts && npm run build")
    return fonts
