"""The bytes of an e-mail, read back by Python's own reader, which notes every defect."""

from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMultiAlternatives

from chatr.notifications import mime


def email(subject="A place", body="Hello.\n", to="ada@example.org", name="", **fields):
    headers = {"To": mime.address(name, to), "Message-ID": "<1@localhost>", "Auto-Submitted": "auto-generated"}
    return EmailMultiAlternatives(subject, body, to=[to], reply_to=["chatr@example.org"], headers=headers, **fields)


def read_back(written):
    content = mime.content_of(written)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")
    message = message_from_bytes(content, policy=policy.default)
    for part in message.walk():
        assert part.defects == []
        assert all(value.defects == () or not value.defects for value in part.values())
    return message


@pytest.mark.parametrize(
    "words",
    [
        "Hello.\n",
        "Zoë’s place: 9:30am\n.\n..\nFrom here\n",
        "word " * 400 + "\n",
        "é" * 3000 + "\n",
        "trailing \n",
        "a\rb\n",
    ],
)
def test_words_arrive_as_they_were(words):
    written = email(body=words)
    written.attach_alternative(f"<p>{words}</p>", "text/html")
    message = read_back(written)
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == words.replace("\r", "\n")
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n").rstrip("\n") == (
        f"<p>{words}</p>".replace("\r", "\n")
    )


@pytest.mark.parametrize("subject", ["A place", "Zoë’s place", "A very long subject " * 12, "Ünïcödé " * 30])
def test_a_subject_arrives_as_it_was(subject):
    assert " ".join(str(read_back(email(subject=subject.strip()))["Subject"]).split()) == subject.strip()


@pytest.mark.parametrize("name", ["", "Ada Okafor", 'O"Neill, (Sam)', "Zoë, “Zed” Ng", "Ü" * 20])
def test_a_name_arrives_as_the_person_writes_it(name):
    (person,) = read_back(email(name=name))["To"].addresses
    assert (person.display_name, person.addr_spec) == (name, "ada@example.org")


def test_a_domain_in_another_alphabet_is_written_as_mail_servers_know_it():
    assert mime.ascii_address("ada@schüle.example.org") == "ada@xn--schle-mva.example.org"


@pytest.mark.parametrize("address", ["ada@example.org\r\nBcc: all@example.org", "<ada@example.org>", "a b@example.org"])
def test_an_address_that_would_break_out_is_refused(address):
    with pytest.raises(ValueError, match="not an address"):
        mime.address("", address)


def test_a_line_break_in_a_header_is_refused():
    with pytest.raises(ValueError, match="A line break in Subject"):
        mime.content_of(email(subject="A place\nBcc: all@example.org"))
    with pytest.raises(ValueError, match="A line break in Subject"):
        mime.content_of(email(subject="A place\r\n Bcc: all@example.org\r\nX: y"))


def test_files_arrive_byte_for_byte():
    ics = "BEGIN:VCALENDAR\r\nSUMMARY:Zoë\r\nEND:VCALENDAR\r\n"
    written = email()
    written.attach_alternative(ics, "text/calendar; method=REQUEST")
    written.attach("invite.ics", ics.encode(), "application/ics")
    message = read_back(written)
    assert message.get_content_type() == "multipart/mixed"
    inline, attached = list(message.walk())[-2:]
    assert inline.get_payload(decode=True) == attached.get_payload(decode=True) == ics.encode()
    assert (inline.get_content_type(), inline.get_param("method")) == ("text/calendar", "REQUEST")
    assert (attached.get_filename(), attached.get_content_disposition()) == ("invite.ics", "attachment")
