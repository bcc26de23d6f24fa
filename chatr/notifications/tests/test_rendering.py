"""HTML made from text: everything escaped, only our own addresses linked."""

import pytest

from chatr.notifications.rendering import fill, html_from_text, one_line, split_subject

SITE = "http://localhost:8000"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\ntwo\n\nthree", "<p>One<br>two</p>\n<p>three</p>"),
        (
            "Bring:\n- water\n- a pen\n  that writes\nBye",
            "<p>Bring:</p>\n<ul><li>water</li><li>a pen that writes</li></ul>\n<p>Bye</p>",
        ),
        ('<script>alert(1)</script> & "x"', "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;</p>"),
        (f"See {SITE}/a/?b=1&c=2.", f'<p>See <a href="{SITE}/a/?b=1&amp;c=2">{SITE}/a/?b=1&amp;c=2</a>.</p>'),
        (SITE, f'<p><a href="{SITE}">{SITE}</a></p>'),
        (f'{SITE}/"onclick="x', f'<p><a href="{SITE}/">{SITE}/</a>&quot;onclick=&quot;x</p>'),
        ("https://elsewhere.example.org/", "<p>https://elsewhere.example.org/</p>"),
        (f"{SITE}.evil.example.org/", f"<p>{SITE}.evil.example.org/</p>"),
        (f"{SITE}1/", f"<p>{SITE}1/</p>"),
        ("[[cancel]] [[code]]", '<p><a href="[[cancel]]">[[cancel]]</a> [[code]]</p>'),
    ],
)
def test_html_from_text(text, html):
    assert html_from_text(text, {"cancel"}) == html


def test_fill_puts_in_what_it_knows():
    assert fill("[[a]] [[b]]", {"a": "1 [[b]]"}) == "1 [[b]] [[b]]"


def test_one_line_has_no_control_characters():
    assert one_line(" Zoë\r\nBcc:\tx\x00\u2028y ") == "Zoë Bcc: x y"


def test_a_template_without_a_subject_is_refused():
    assert split_subject("\nSubject: Hello\n\nText") == (" Hello", "\nText")
    with pytest.raises(ValueError, match="must start with Subject:"):
        split_subject("Hello")
