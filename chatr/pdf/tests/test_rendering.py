"""PDF files that everybody can read, that say nothing but what they were given, and in which no text is code."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatr.pdf import rendering, text
from chatr.pdf.documents import Address, Bullets, Document, Facts, Heading, PageBreak, Paragraph, Table, Words, as_pdf

from .reading import metadata_of, opened, spans_of, structure_of, text_of, without_spaces, words_of

ARABIC = "أريد أن يكون أطفالي بأمان"
WHOLE = Document(
    title="Record of a meeting",
    footer="Some information may be left out.",
    blocks=(
        Address(("Ms A Example", "1 Example Street", "London E8 0XX")),
        Heading("What we heard"),
        Words("Ada, 9", "I like reading."),
        Heading("Next", 2),
        Paragraph("Breakfast club each day.", label="Agreed"),
        Bullets(("One", "Two")),
        Table(("Who", "What"), (("School", "Call home"),), caption="The plan"),
        PageBreak(),
        Facts((("Date", "3 May 2027"), ("Place", "Town hall"))),
    ),
)


def pdf_with(words: str) -> bytes:
    """A document of one paragraph."""
    return as_pdf(Document("Record", (Paragraph(words),)))


def glyphs_of(words: str, letter: str) -> set[str]:
    """The glyphs a letter is drawn with, as numbers of the embedded font."""
    font = next(iter(opened(pdf_with(words)).pages[0]["/Resources"]["/Font"].values())).get_object()
    mapped = font["/ToUnicode"].get_data().decode("latin1")
    return set(re.findall(rf"<(\w+)> <{ord(letter):04x}>", mapped, re.I))


def test_it_is_tagged_pdf_ua_with_its_language_and_title():
    pdf = as_pdf(WHOLE)
    root = opened(pdf).root_object
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean, equal to True and not the same
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata_of(pdf)
    assert opened(pdf).metadata.title == "Record of a meeting"


def test_its_structure_is_read_out_in_order():
    names = structure_of(as_pdf(WHOLE))
    wanted = ("H1", "BlockQuote", "H2", "L", "LI", "Table", "THead", "TH", "TBody", "TD", "L")
    places = iter(names)
    assert all(name in places for name in wanted), names
    assert names.count("TH") == 2
    assert names.count("LI") == 4  # two points, two facts


def test_nothing_is_in_the_file_that_was_not_handed_over():
    pdf = as_pdf(WHOLE)
    assert words_of(pdf) == (
        "Ms A Example 1 Example Street London E8 0XX What we heard Ada, 9 I like reading. Next Agreed "
        "Breakfast club each day. • One • Two The plan Who What School Call home "
        "Some information may be left out. Page 1 of 2 "
        "Date 3 May 2027 Place Town hall Some information may be left out. Page 2 of 2"
    )
    assert set(opened(pdf).metadata) == {"/Title", "/Creator"}
    assert re.fullmatch(r"Typst [\d.]+", opened(pdf).metadata.creator)
    assert not re.search("author|producer|CreateDate|ModifyDate|dc:creator|Reading|/work", metadata_of(pdf), re.I)
    assert not re.search(rb"/(JavaScript|JS|EmbeddedFiles|OpenAction|AA|URI)\b", pdf)


def test_the_same_document_gives_the_same_bytes_and_another_gives_others():
    assert as_pdf(WHOLE) == as_pdf(Document.from_data(WHOLE.as_data()))
    assert pdf_with("one") != pdf_with("two")


@pytest.mark.parametrize(
    "words",
    [
        '#panic("x")',
        "*bold* _slanted_ `raw`",
        "$x$ and @ref and <label>",
        "= heading",
        "- item\n+ item\n/ term: meaning",
        '#import "base.typ": *',
        '#sys.inputs #read("document.typ")',
        "// a comment /* and another */",
        "\\ \\u{41} -- --- ... ~ 'quotes' \"quotes\"",
        '"}] #eval("1 + 1")',
        "<script>alert(1)</script> &amp;",
        "https://example.org/#fragment",
    ],
)
def test_text_is_never_read_as_markup(words):
    pdf = pdf_with(words)
    assert without_spaces(text_of(pdf)) == without_spaces(words) + "Page1of1"
    assert structure_of(pdf) == ["Document", "P"]


def test_every_part_of_a_document_takes_text_as_text():
    evil = '#panic("x") *b* $x$ @r = h'
    pdf = as_pdf(
        Document(
            title=evil,
            footer=evil,
            blocks=(
                Address((evil,)),
                Heading(evil),
                Paragraph(evil, label=evil),
                Words(evil, evil),
                Bullets((evil,)),
                Table((evil,), ((evil,),), caption=evil),
                Facts(((evil, evil),)),
            ),
        )
    )
    assert without_spaces(text_of(pdf)).count(without_spaces(evil)) == 13
    assert opened(pdf).metadata.title == evil


def test_every_arabic_word_is_in_the_text_layer_letter_by_letter():
    assert set(ARABIC.split()) <= set(words_of(pdf_with(ARABIC.replace(" ", "\n"))).split())


def test_arabic_letters_are_joined():
    """One letter three times in one word has three shapes; alone it has one."""
    assert (len(glyphs_of("ببب", "ب")), len(glyphs_of("ب ب ب", "ب"))) == (3, 1)


@pytest.mark.parametrize(
    "block", [Heading, Paragraph, lambda words: Words(words, words), lambda words: Bullets((words,))]
)
def test_arabic_starts_at_the_right_and_english_at_the_left(block):
    *arabic, _footer = spans_of(as_pdf(Document("Record", (block(ARABIC),))))
    *english, _footer = spans_of(as_pdf(Document("Record", (block("I want my children safe"),))))
    assert min(start for start, _ in arabic) > 595 / 2
    assert max(end for _, end in arabic) == pytest.approx(595 - 71, abs=1)
    assert min(start for start, _ in english) < 90
    assert max(end for _, end in english) < 595 / 2


@pytest.mark.parametrize(
    "words", ["😀 🌈 👍🏽 ❤️", "Zoë Łukasz Şükran Nguyễn", "Ελένη Олена שרה", "中文", "₤ € – “quoted” …"]
)
def test_names_and_signs_of_many_languages_are_kept(words):
    assert without_spaces(words) in without_spaces(text_of(pdf_with(words)))


def test_line_breaks_are_kept():
    assert text_of(pdf_with("one\ntwo\r\nthree")).startswith("one\ntwo\nthree")


def test_control_characters_are_shown_and_never_stop_a_document():
    assert "a␇b␛[31mc␀d�e" in text_of(pdf_with("a\x07b\x1b[31mc\x00d\udcffe"))


@pytest.mark.parametrize("words", ["words and more " * 3334, "x" * 50_000, "\n".join("x" * 10 for _ in range(5_000))])
def test_fifty_thousand_characters_arrive_whole(words):
    found = re.sub(r"Page\d+of\d+", "", without_spaces(text_of(pdf_with(words))))
    assert found == without_spaces(words)


def test_no_text_leaves_the_sheet():
    """A sheet is 595 points wide, with margins of 71; a space that ends a line may hang over."""
    table = Table(("One", "Two", "Three", "Four"), (("w" * 400, "me@example.org " * 5, "y", "z" * 300),))
    spans = spans_of(as_pdf(Document("Record", (Paragraph("x" * 2000), Words("A", "Word " * 300), table))))
    assert len(spans) > 50
    assert min(start for start, _ in spans) > 70
    assert max(end for _, end in spans) < 595 - 71 + 5


@given(st.text())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_at_all_stops_a_document(words):
    assert pdf_with(words).startswith(b"%PDF-")


def test_every_character_our_fonts_draw_can_be_printed():
    """One document for every 2,000 of them, so that a new font with a hole is found here and not by a family."""
    drawn = [chr(code) for code in sorted(text._drawn()) if text._picture(code) is None]
    for start in range(0, len(drawn), 2_000):
        assert pdf_with(" ".join(drawn[start : start + 2_000])).startswith(b"%PDF-")


def test_a_refusal_says_nothing_of_what_was_in_the_document():
    with pytest.raises(rendering.CannotMakePDF) as refusal:
        rendering.render("document", {"blocks": [{"kind": "secret words"}], "lang": "en", "footer": ""}, title="T")
    assert str(refusal.value) == "The file could not be made."
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__
