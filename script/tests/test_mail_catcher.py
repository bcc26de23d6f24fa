"""The mail catcher keeps what it is given, and shows it without trusting any of it."""

import smtplib
import subprocess
import time
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest

from supervisor import mail_page, places, ports


@pytest.fixture
def catcher(tmp_path):
    """A running catcher: its folder, its SMTP port and the address of its page."""
    smtp, page = ports.free_port(), ports.free_port()
    process = subprocess.Popen(
        [places.PYTHON, "-m", "supervisor.mail_catcher", str(tmp_path), str(smtp), str(page)], cwd=places.SCRIPT
    )
    deadline = time.monotonic() + 20
    while ports.is_free(smtp) and time.monotonic() < deadline:
        time.sleep(0.05)
    yield tmp_path, smtp, f"http://localhost:{page}"
    process.terminate()
    process.wait(10)


def letter(to: str, subject: str = "Hello") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "portal@example.org", to, subject
    message.set_content("Confirm: http://localhost:8000/confirm/abc/.\n<script>alert(1)</script>\n")
    message.add_alternative("<p>Hi <img src='http://elsewhere.example.org/x'></p>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="dates.ics")
    return message


def get(address: str) -> str:
    with urllib.request.urlopen(address) as answer:
        return answer.read().decode()


def test_each_message_is_one_file_in_order_of_arrival_and_shown_as_plain_words(catcher):
    folder, smtp, page = catcher
    with smtplib.SMTP("127.0.0.1", smtp) as client:
        client.send_message(letter("ada@example.org", "First <b>"))
        client.send_message(letter("zoe@example.org", "Second"), to_addrs=["hidden@example.org"])
    first, second = sorted(folder.glob("*.eml"))
    assert b"Subject: First" in first.read_bytes()
    assert b"X-Envelope-To: hidden@example.org" in second.read_bytes()
    assert first.stat().st_mode & 0o077 == 0

    listed = get(page)
    assert listed.index("Second") < listed.index("First &lt;b&gt;")
    assert "Second" not in get(f"{page}/?to=ada@example.org")
    assert "Second" in get(f"{page}/?to=HIDDEN@example.org")
    assert "No mail to nobody@example.org yet." in get(f"{page}/?to=nobody@example.org")

    shown = get(f"{page}/{first.name}")
    assert '<a href="http://localhost:8000/confirm/abc/" rel="noreferrer">' in shown
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;img src=" in shown
    assert "dates.ics" in shown
    assert get(f"{page}/{first.name}/0") == "BEGIN:VCALENDAR"


@pytest.mark.parametrize("path", ["nothing.eml", "..%2Fsecret.json", "../secret.json", "20260101T000000.0-1.eml/9"])
def test_an_address_of_no_message_is_not_found(catcher, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(f"{catcher[2]}/{path}")
    assert refused.value.code == 404


def test_another_host_name_is_refused(catcher):
    request = urllib.request.Request(catcher[2], headers={"Host": "attacker.example.org"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 403


def test_a_broken_message_is_still_shown(tmp_path):
    path = tmp_path / "20270114T093000.000000-0001.eml"
    path.write_bytes(b"Subject: =?nonsense?b?!!!?=\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe hello")
    assert "hello" in mail_page.message_page(mail_page.Caught(path))
