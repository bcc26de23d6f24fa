"""Staff keep synonyms, lists and terms; others may not."""

import pytest
from django.urls import reverse

from chatr.audit.models import AuditEvent

from ..models import Listing, SynonymGroup, Taxonomy, Term
from ..operations.terms import CannotSaveTerm, save_term
from ..queries.search import find
from ..reference import same_everywhere
from ..rules.search import Question
from .making import NOW, bare, publish


def test_renaming_a_term_reaches_its_services_at_once(together):
    publish(together, bare("Example roof", terms=("housing",)))
    publish(together, bare("Example other", terms=("money",)))
    term = Term.objects.get(code="housing")
    term.name = "Wigwams and tents"
    save_term(term=term, by=None, now=NOW)
    hit = find(Question(words="wigwams"), today=NOW.date()).results
    assert [each.listing.name for each in hit] == ["Example roof"]
    assert AuditEvent.objects.about(term).get().details == {"code": "housing", "services": 1}


def test_a_term_below_another_is_found_by_both(together):
    needs, parent = Taxonomy.objects.get(code="need"), Term.objects.get(code="housing")
    term = Term(taxonomy=needs, parent=parent, code="tents", name="Tents", description="Living in a tent.")
    save_term(term=term, by=None, now=NOW)
    assert term.pk == same_everywhere("term", "tents")
    publish(together, bare("Example tent", terms=("tents",)))
    assert Listing.objects.get().terms == ["housing", "tents"]
    assert find(Question(need="housing"), today=NOW.date()).total == 1


def test_terms_stand_one_deep_and_below_their_own_list(db):
    needs, housing = Taxonomy.objects.get(code="need"), Term.objects.get(code="housing")
    below = Term(taxonomy=needs, parent=housing, code="tents", name="Tents", description="Living in a tent.")
    save_term(term=below, by=None, now=NOW)
    two_deep = Term(taxonomy=needs, parent=below, code="poles", name="Poles", description="Of tents.")
    elsewhere = Term(taxonomy=needs, parent=Term.objects.get(code="online"), code="x", name="X", description="Y.")
    housing.parent = Term.objects.get(code="money")
    for refused in (two_deep, elsewhere, housing):
        with pytest.raises(CannotSaveTerm):
            save_term(term=refused, by=None, now=NOW)
    assert not Term.objects.filter(code__in=("poles", "x")).exists()
    assert Term.objects.get(code="housing").parent is None


# The pages


def test_staff_keep_a_group_of_synonyms_one_word_a_line(client, people, sign_in, together):
    publish(together, bare("Example roof", terms=("housing",)))
    sign_in(client, people.staff)
    typed = {"name": "Example words", "need": Term.objects.get(code="housing").pk, "phrases": "Wigwam\n  Big  TENT \n"}
    client.post(reverse("admin:directory_synonymgroup_add"), typed)
    group = SynonymGroup.objects.get(name="Example words")
    assert sorted(group.synonyms.values_list("phrase", flat=True)) == ["big tent", "wigwam"]
    page = reverse("admin:directory_synonymgroup_change", args=[group.pk])
    assert "big tent\nwigwam" in client.get(page).content.decode()
    assert find(Question(words="big tents"), today=NOW.date()).total == 1
    refused = client.post(page, typed | {"phrases": "the"}).content.decode()
    assert "Searching leaves out such small words: the." in refused
    assert group.synonyms.count() == 2


def test_staff_add_and_hide_a_term_and_never_change_its_code(client, people, sign_in, db):
    sign_in(client, people.staff)
    needs = Taxonomy.objects.get(code="need")
    typed = {"taxonomy": needs.pk, "code": "tents", "name": "Tents", "description": "", "place": "60"}
    assert "This field is required" in client.post(reverse("admin:directory_term_add"), typed).content.decode()
    client.post(reverse("admin:directory_term_add"), typed | {"description": "Living in a tent."})
    term = Term.objects.get(code="tents")
    page = reverse("admin:directory_term_change", args=[term.pk])
    client.post(page, {"code": "other", "name": "Tents", "description": "As before.", "place": "60", "is_hidden": "on"})
    term.refresh_from_db()
    assert (term.code, term.description, term.is_hidden) == ("tents", "As before.", True)
    assert "tents" not in find(Question(), today=NOW.date()).counts["need"]


@pytest.mark.parametrize("thing", ["synonymgroup", "taxonomy", "term"])
def test_somebody_without_the_right_sees_none_of_it(client, people, sign_in, editor, thing):
    sign_in(client, editor)
    assert client.get(reverse(f"admin:directory_{thing}_changelist")).status_code in (302, 403, 404)
    sign_in(client, people.staff)
    assert client.get(reverse(f"admin:directory_{thing}_changelist")).status_code == 200
