"""Accessible PDF files from the templates in templates/pdf/, by Typst, with our own fonts and nothing else."""

import json
from typing import Any

import typst
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates" / "pdf"
FONTS = settings.BASE_DIR / "static" / "fonts"


class CannotMakePDF(Exception):
    """The file could not be made. Says so without a word of what was in it."""


def render(template: str, data: dict[str, Any], *, title: str) -> bytes:
    """A tagged PDF/UA-1 file. ``template`` names a file of templates/pdf/; ``data`` is all it knows.

    The data is handed over as JSON and never becomes Typst source. The file says its title and its language and
    nothing about who made it, when, or with what; the same data gives the same bytes.

    :raises CannotMakePDF: if Typst refuses
    """
    try:
        return typst.compile(
            TEMPLATES / f"{template}.typ",
            root=TEMPLATES,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps({**data, "title": title})},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError:
        raise CannotMakePDF("The file could not be made.") from None
