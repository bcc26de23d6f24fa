"""Journey 4: the father was kept out of one part and must not learn where the mother lives.

His preview, the text of his PDF, its metadata, file name and headers hold neither, nor a gap: his copy is the same,
byte for byte, as that of a family where none of it ever was. The bytes given out are those that were looked at.
"""

import hashlib
import re

import pytest
from django.urls import reverse

from chatr.database.acting import acting_as, acting_as_job
from chatr.pdf.tests.reading import metadata_of, words_of

from ..models import AccessEvent, Attendance, Clearance, Copy, PersonContact
from ..operations import copies as operations
from .copying import Sayer, Scene, clear_shared, make_scene, prepare, sign

pytestmark = pytest.mark.django_db

SECRET = (
    *("Addressmark", "E8 9ZZ", "07700", "900123", "emailmark"),
    *("PARTMARK", "WITHHELDMARK", "NOTAGREEDMARK", "REASONMARK", "FLAGMARK", "NOTEMARK", "ROOMMARK", "CHAIRONLYMARK"),
)


@pytest.fixture
def scene(cast) -> Scene:
    """Signed; somebody wrote the mother's address into the facts as well."""
    made = make_scene(cast)
    with acting_as(cast.chair.pk):
        Sayer(made.conference)("facts", "The school called at 12 Addressmark Road.", person=made.teacher)
    return sign(made)


def as_if_it_never_was(cast) -> Scene:
    """The same family, without anything the father must not learn."""
    made = make_scene(cast, ids="T", flag=False)
    with acting_as(cast.chair.pk):
        made.withheld.delete()
        made.in_the_other_part.delete()
        made.not_agreed.delete()
        PersonContact.objects.filter(pk=made.address.pk).delete()
        Attendance.objects.filter(part=made.without_father).exclude(person=made.father).delete()
    return sign(made)


def url(name: str, scene: Scene, *ids) -> str:
    return reverse(f"conferences:{name}", args=[scene.conference.pk, *ids])


def hold_none_of_it(*texts: str) -> None:
    for text in texts:
        squeezed = re.sub(r"\s", "", text)
        assert [secret for secret in SECRET if secret.replace(" ", "") in squeezed] == []


def part_of_page(answer) -> str:
    """The copy on a page, without the page around it."""
    page = answer.content.decode()
    return page[page.index('<div class="copy-as-read">') :]


def test_the_fathers_copy_holds_neither_nor_a_gap_and_goes_out_as_it_was_seen(client, sign_in, scene, cast):
    father, chair = scene.father, cast.chair
    sign_in(client, chair)

    # One thing is withheld, with its ground; then what is shared with all is cleared in one act.
    item = url("decide-item", scene, father.pk, "block", scene.withheld.pk)
    decided = {"choice": "withheld", "ground": "risk_to_adult", "reason": "REASONMARK she asked."}
    assert client.post(item, decided).status_code == 302
    shared = url("clear-shared", scene, father.pk)
    assert "It names the address of Mona Example" in client.get(shared).content.decode()
    assert client.post(shared).status_code == 302

    # Prepared, and looked at.
    answer = client.post(url("prepare-copy", scene, father.pk), {"kind": "record"})
    with acting_as(chair.pk):
        copy = Copy.objects.get(recipient=father)
    assert answer["Location"] == url("preview-copy", scene, copy.pk)
    preview, file = client.get(answer["Location"]), client.get(url("copy-file", scene, copy.pk))
    hold_none_of_it(part_of_page(preview), words_of(file.content), metadata_of(file.content), repr(file.headers))
    assert file["Content-Disposition"] == 'inline; filename="Conference record.pdf"'
    assert "no-store" in file["Cache-Control"]
    assert "The school called on Monday." in part_of_page(preview)

    # Neither a gap: as if none of it had ever been.
    twin = as_if_it_never_was(cast)
    clear_shared(twin, twin.father)
    other = prepare(twin, twin.father)
    with acting_as(chair.pk):
        copy = Copy.objects.select_related("content").get(pk=copy.pk)
    assert copy.content.html == other.content.html
    assert operations.pdf_of(copy) == operations.pdf_of(other)

    # Not without a second person, who is not the chair.
    issue = url("issue-copy", scene, copy.pk)
    refused = client.post(issue, {"method": "by_hand"})
    assert "A second person has not looked at it" in refused.content.decode()
    assert "somebody else" in client.post(url("preview-copy", scene, copy.pk)).content.decode()
    with acting_as(chair.pk):
        held = father.withholdings.get()
    sign_in(client, cast.manager)
    assert client.post(url("second-withholding", scene, held.pk)).status_code == 302
    assert client.post(url("preview-copy", scene, copy.pk)).status_code == 302

    # Given out: the bytes that were seen, by their hash.
    sign_in(client, chair)
    assert client.post(issue, {"method": "by_hand"}).status_code == 302
    with acting_as(chair.pk):
        issued = Copy.objects.select_related("content").get(pk=copy.pk)
    assert issued.pdf_sha256 == hashlib.sha256(file.content).hexdigest()
    assert issued.html_sha256 == hashlib.sha256(issued.content.html.encode()).hexdigest()
    assert issued.content.html in preview.content.decode()
    again = client.get(url("copy-file", scene, copy.pk))
    assert again.content == file.content

    # Every look is written down.
    with acting_as_job("tests"):
        acts = set(
            AccessEvent.objects.filter(object_type="copy", object_id=str(copy.pk)).values_list("action", flat=True)
        )
    assert {"preview", "view", "download"} <= acts


def test_something_cleared_by_mistake_is_left_out_all_the_same_where_the_rules_say_never(client, scene, cast):
    with acting_as(cast.chair.pk):
        for thing in (scene.in_the_other_part, scene.address, scene.not_agreed):
            Clearance.objects.create(
                conference=scene.conference,
                person=scene.father,
                object_type=thing._meta.model_name,
                object_id=thing.pk,
                by=cast.chair,
                at=scene.conference.signed_at,
            )
    copy = prepare(scene, scene.father)
    hold_none_of_it(copy.content.html, words_of(operations.pdf_of(copy)))


def test_what_a_chair_clears_although_it_names_the_address_is_shown_to_them_as_a_warning(client, sign_in, scene, cast):
    sign_in(client, cast.chair)
    prepare(scene, scene.father, personal="Do not go to 12 Addressmark Road.")
    with acting_as(cast.chair.pk):
        copy = Copy.objects.get()
    page = client.get(url("preview-copy", scene, copy.pk)).content.decode()
    assert "This copy names, letter for letter:" in page
    assert "the address of Mona Example" in page
