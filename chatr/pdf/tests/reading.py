"""What a reader's program finds in a PDF file."""

import re
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject


def opened(pdf: bytes) -> PdfReader:
    """The file, opened strictly: whatever is wrong with its form is an error."""
    return PdfReader(BytesIO(pdf), strict=True)


def text_of(pdf: bytes) -> str:
    """The text layer, page after page, without the invisible places where a long word may break."""
    return "\n".join(page.extract_text() for page in opened(pdf).pages).replace("\u200b", "")


def words_of(pdf: bytes) -> str:
    """The text layer with each run of spaces and line ends as one space."""
    return " ".join(text_of(pdf).split())


def without_spaces(text: str) -> str:
    """A text as one run of signs: how lines were broken does not count."""
    return re.sub(r"\s+", "", text)


def metadata_of(pdf: bytes) -> str:
    """All metadata: the XMP packet and the information dictionary."""
    reader = opened(pdf)
    return reader.root_object["/Metadata"].get_data().decode() + repr(reader.metadata)


def structure_of(pdf: bytes) -> list[str]:
    """The names of the structure elements, in reading order: ``Document``, ``H1``, ``P``, ``TH`` …"""
    names: list[str] = []

    def walk(node):
        if isinstance(node, IndirectObject):
            node = node.get_object()
        if isinstance(node, ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                names.append(node["/S"].removeprefix("/"))
            if "/K" in node:
                walk(node["/K"])

    walk(opened(pdf).root_object["/StructTreeRoot"])
    return names


def spans_of(pdf: bytes) -> list[tuple[float, float]]:
    """Where each piece of text starts and ends from the left of its sheet, in points."""
    spans, at = [], {}

    def follow(operator, operands, matrix, _text_matrix):
        if operator == b"Tm":
            at["start"] = matrix[4] + operands[4]
        elif operator == b"Tf":
            at["font"], at["size"] = operands
        elif operator == b"TJ":
            widths = at["widths"][at["font"]]
            drawn = b"".join(part.original_bytes for part in operands[0] if hasattr(part, "original_bytes"))
            glyphs = [int.from_bytes(drawn[place : place + 2]) for place in range(0, len(drawn), 2)]
            shifts = sum(part for part in operands[0] if not hasattr(part, "original_bytes"))
            width = (sum(widths.get(glyph, 1000) for glyph in glyphs) - shifts) * at["size"] / 1000
            spans.append((float(at["start"]), float(at["start"] + width)))

    for page in opened(pdf).pages:
        at["widths"] = {name: _widths(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
        page.extract_text(visitor_operand_before=follow)
    return spans


def _widths(font) -> dict[int, float]:
    """The width of each glyph of a font, in thousandths of its size."""
    widths: dict[int, float] = {}
    given = list(font["/DescendantFonts"][0].get_object()["/W"])
    while given:
        first, then = given.pop(0), given.pop(0)
        if isinstance(then, ArrayObject):
            widths |= {first + place: width for place, width in enumerate(then)}
        else:
            widths |= dict.fromkeys(range(first, then + 1), given.pop(0))
    return widths
