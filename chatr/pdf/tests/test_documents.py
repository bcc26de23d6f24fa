"""Blocks: what they refuse, how they are kept, and how they stand on a page."""

import json

import pytest

from chatr.pdf.documents import (
    Address,
    Bullets,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    Words,
    as_html,
    as_pdf,
    block_from,
)

from .reading import text_of, without_spaces

EVERY_KIND = (
    Heading("Part"),
    Paragraph("One\nTwo", label="Agreed"),
    Words("Ada, 9", "I like it."),
    Bullets(("a", "b")),
    Table(("Who", "What"), (("School", "Call"),)),
    Facts((("Date", "3 May"),)),
    Address(("Ms A Example", "London")),
    PageBreak(),
)


def test_a_document_survives_being_kept_as_json():
    document = Document("Record", EVERY_KIND, footer="Foot")
    assert Document.from_data(json.loads(json.dumps(document.as_data()))) == document


def test_plain_blocks_become_documents():
    assert block_from({"kind": "words", "who": "Ada", "text": "Yes"}) == Words("Ada", "Yes")
    assert block_from({"kind": "list", "items": ["a"]}) == Bullets(("a",))
    assert block_from({"kind": "table", "header": ["A"], "rows": [["b"]]}) == Table(("A",), (("b",),))


@pytest.mark.parametrize(
    "data", [{"kind": "picture"}, {"text": "x"}, {"kind": "words", "text": "x"}, {"kind": "list", "x": 1}]
)
def test_a_block_of_another_kind_is_refused(data):
    with pytest.raises(ValueError, match="block"):
        block_from(data)


@pytest.mark.parametrize("levels", [[2], [1, 3], [1, 2, 4]])
def test_a_skipped_heading_level_is_refused(levels):
    with pytest.raises(ValueError, match="skip none"):
        Document("Record", [Heading("x", level) for level in levels])


def test_levels_may_go_back_up_at_once():
    assert Document("Record", [Heading("x", level) for level in (1, 2, 3, 1, 2)])


def test_a_heading_too_deep_a_table_out_of_shape_and_a_document_without_title_are_refused():
    with pytest.raises(ValueError, match="1 to 4"):
        Heading("x", 5)
    with pytest.raises(ValueError, match="as long as its header"):
        Table(("a", "b"), (("c",),))
    with pytest.raises(ValueError, match="title"):
        Document(" ")


def test_headings_on_a_page_stand_one_below_its_own():
    html = as_html(Document("Record", (Heading("A"), Heading("B", 2), Heading("C", 3))))
    assert [f"<h{level} " in html for level in (1, 2, 3, 4, 5)] == [False, True, True, True, False]


def test_a_page_shows_text_as_text_with_its_lines_and_direction():
    html = as_html(Document("Record", (Words("Ada", "<script>x</script>\nnext"), Paragraph("a & b", label="<b>"))))
    assert '<blockquote dir="auto">&lt;script&gt;x&lt;/script&gt;<br>next</blockquote>' in html
    assert "a &amp; b" in html
    assert "&lt;b&gt;" in html
    assert "<script" not in html


def test_page_and_file_say_the_same():
    """The words of the one, in order, are the words of the other; the file adds its page numbers and bullets."""
    import re
    from html import unescape

    document = Document("Record", EVERY_KIND, footer="Some information may be left out.")
    page = without_spaces(unescape(re.sub("<[^>]+>", " ", as_html(document))))
    file = re.sub(r"Page\dof\d|•", "", without_spaces(text_of(as_pdf(document))))
    assert page == file


def test_control_characters_are_shown_the_same_on_page_and_file():
    document = Document("Record", (Paragraph("a\x07b"),))
    assert "a␇b" in as_html(document)
    assert "a␇b" in text_of(as_pdf(document))
