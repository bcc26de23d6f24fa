"""Staff may write a part of Markdown; nothing dangerous comes out of it."""

import pytest

from chatr.pages.markdown import render


def test_headings_start_below_the_page_s_own():
    assert render("# One\n\n## Two\n\n#### Four") == "<h2>One</h2>\n<h2>Two</h2>\n<h3>Four</h3>\n"


def test_links_lists_and_quotations():
    html = render("- a [page](/about/)\n- **bold** and *italic*\n\n> words")
    assert '<a href="/about/">page</a>' in html
    assert "<strong>bold</strong> and <em>italic</em>" in html
    assert "<blockquote>" in html


def test_a_table_can_be_read_out_and_scrolls_inside_itself():
    html = render("| A | B |\n|---|---|\n| 1 | 2 |\n\nx\n\n| C |\n|---|\n| 3 |")
    assert '<th scope="col">A</th>' in html
    assert 'aria-label="Table 1"' in html
    assert 'aria-label="Table 2"' in html
    assert html.count("<div") == html.count("</div>") == 2


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "![x](https://example.org/track.png)",
        '<a href="/" onclick="x()" style="color:red">x</a>',
        "| <table> |\n|---|\n| </table><script> |",
        "`<iframe src=//example.org>`",
    ],
)
def test_nothing_dangerous_comes_out(text):
    html = render(text)
    for bad in ("<script", "<img", "<iframe", 'javascript:alert(1)"', 'href="data:', '<a href="/" on'):
        assert bad not in html


def test_the_mailbox_is_filled_in_from_the_settings(settings):
    settings.PROGRAMME_EMAIL = "team@programme.example.org"
    assert "mailto:team@programme.example.org" in render("Write to [us](mailto:{programme_email}) now")
