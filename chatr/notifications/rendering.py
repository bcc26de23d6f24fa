"""From what a kind composed to the words of one e-mail: a subject, a text, and an HTML part made from that text.

Secret links and codes appear in all three as ``[[name]]``. That form is kept; ``fill`` puts the real ones into what
is handed to the mail server.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, loader
from django.utils.html import escape

from . import mime
from .kinds import CalendarPart, Composed
from .models import Message

PLACEHOLDER = re.compile(r"\[\[(\w+)\]\]")
LONGEST_SUBJECT = 250


@dataclass(frozen=True)
class Rendered:
    """One e-mail's words, safe to keep, with what is filled in only as it leaves."""

    to_email: str
    to_name: str
    subject: str
    text: str
    html: str
    secrets: dict[str, str]
    calendar: list[CalendarPart]


def render(message: Message, composed: Composed) -> Rendered:
    """The words of a message, addressed to the person as they are now.

    :raises TemplateDoesNotExist: for a kind without ``templates/emails/<code>.txt``
    :raises ValueError: when the template does not start with "Subject:"
    """
    person = message.recipient
    name = one_line(person.name) if person else ""
    secrets = message.secret_values | composed.secret_links
    around = _site() | {
        "name": name,
        "secret_links": {name: f"[[{name}]]" for name in secrets},
    }
    if composed.text:
        subject, text = composed.subject, composed.text
    else:
        subject, text = split_subject(_fill_template(f"emails/{message.kind}.txt", around | composed.context))
    text = re.sub(r"\n{3,}", "\n\n", text.strip())
    subject = one_line(subject)[:LONGEST_SUBJECT]
    links = {name for name, value in secrets.items() if _is_ours(value)}
    return Rendered(
        to_email=person.email if person else message.to_email,
        to_name=name,
        subject=subject,
        text=text,
        html=html_from_text(text, links),
        secrets=secrets,
        calendar=list(composed.calendar or ()),
    )


def _site() -> dict:
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "PROGRAMME_EMAIL": settings.PROGRAMME_EMAIL,
    }


def _fill_template(name: str, context: dict) -> str:
    return loader.get_template(name).template.render(Context(context, autoescape=False))


def split_subject(words: str) -> tuple[str, str]:
    """The subject and the text below it.

    :raises ValueError: when the first line is not a subject
    """
    first, _, text = words.lstrip().partition("\n")
    if not first.startswith("Subject:"):
        raise ValueError("The first line of an e-mail template must start with Subject:")
    return first.removeprefix("Subject:"), text


def one_line(words: str) -> str:
    """The same words without line breaks or other control characters, so that a name cannot write a header."""
    return " ".join("".join(each if each.isprintable() else " " for each in words).split())


def fill(words: str, secrets: dict[str, str]) -> str:
    """Put the real links and codes where their names stand."""
    return PLACEHOLDER.sub(lambda found: secrets.get(found[1], found[0]), words)


# HTML from text


def html_from_text(text: str, links: set[str] = frozenset()) -> str:
    """Paragraphs, and lists from lines that start with "- ". Only addresses of the portal become links.

    :param links: the names of the placeholders that stand for such an address
    """
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.rstrip() for line in block.split("\n")]
        while lines:
            is_list = lines[0].startswith("- ")
            taken = []
            while lines and (
                lines[0].startswith("- ") == is_list or (is_list and lines[0].startswith("  "))  # a wrapped item
            ):
                taken.append(lines.pop(0))
            blocks.append(_list(taken, links) if is_list else _paragraph(taken, links))
    return "\n".join(blocks)


def _paragraph(lines: list[str], links: set[str]) -> str:
    return f"<p>{'<br>'.join(_inline(line, links) for line in lines)}</p>"


def _list(lines: list[str], links: set[str]) -> str:
    items = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += f" {line.strip()}"
    return "<ul>" + "".join(f"<li>{_inline(item, links)}</li>" for item in items) + "</ul>"


_ADDRESS = r"(?=[/?#\s]|$)[^\s<>\"']*"


def _inline(line: str, links: set[str]) -> str:
    """One line, escaped, with the portal's own addresses as links."""
    pieces, end = [], 0
    for found in re.finditer(rf"{re.escape(settings.SITE_URL)}{_ADDRESS}|{PLACEHOLDER.pattern}", line):
        address = found[0] if found[1] else found[0].rstrip(".,;:!?)")
        if found[1] and found[1] not in links:
            continue
        shown = escape(address)
        pieces += [escape(line[end : found.start()]), f'<a href="{shown}">{shown}</a>']
        end = found.start() + len(address)
    return "".join(pieces) + escape(line[end:])


def _is_ours(value: str) -> bool:
    return value == settings.SITE_URL or value.startswith((f"{settings.SITE_URL}/", f"{settings.SITE_URL}?"))


# The e-mail itself


def build(message: Message, rendered: Rendered) -> EmailMultiAlternatives:
    """The e-mail as it leaves, with the secret links in it. It is never kept."""
    site = _site()
    text = f"{fill(rendered.text, rendered.secrets)}\n\n{_fill_template('emails/footer.txt', site).strip()}\n"
    body = fill(rendered.html, {name: escape(value) for name, value in rendered.secrets.items()})
    layout = loader.get_template("emails/base.html").template
    html = layout.render(Context(site | {"subject": rendered.subject, "body": body}))
    email = EmailMultiAlternatives(
        subject=rendered.subject,
        body=text,
        to=[rendered.to_email],
        reply_to=[settings.PROGRAMME_EMAIL],
        headers={
            "To": mime.address(rendered.to_name, rendered.to_email),
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
        },
    )
    email.attach_alternative(html, "text/html")
    if len(rendered.calendar) == 1:  # mail programs offer it beside the message; the file serves those that do not
        part = rendered.calendar[0]
        email.attach_alternative(part.content.decode(), f"text/calendar; method={part.method}")
        email.attach(part.filename, part.content, "application/ics")
    else:
        for part in rendered.calendar:
            email.attach(part.filename, part.content, f"text/calendar; method={part.method}")
    return email
