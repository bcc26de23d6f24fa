"""What words find: phrases, spellings, slips, and whatever else people type."""

import pytest

from ..models import SynonymGroup, Taxonomy, Term
from ..operations.synonyms import CannotSaveSynonyms, save_synonyms
from ..operations.vocabulary import rebuild_words
from ..queries.search import find
from ..rules.search import Question
from .making import NOW, bare, publish

TODAY = NOW.date()


def names(words: str, **asked) -> list[str]:
    return [each.listing.name for each in find(Question(words=words, **asked), today=TODAY).results]


@pytest.fixture
def counselling(together):
    publish(together, bare("Example talks", description="Counselling for children.", terms=("counselling",)))
    publish(together, bare("Example counselling"))
    publish(together, bare("Example youth club", description="Table tennis. No council funding."))


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("counseling", {"counseling": "counselling"}),
        ("councelling", {"councelling": "counselling"}),
        ("conselling", {"conselling": "counselling"}),
    ],
)
def test_12_a_mistyped_word_shows_results_for_the_word_that_was_meant(counselling, typed, corrected):
    found = find(Question(words=typed), today=TODAY)
    assert [each.listing.name for each in found.results] == ["Example counselling", "Example talks"]
    assert found.corrected == corrected
    assert found.words_used == (corrected.get(typed) or typed)


def test_12_an_american_spelling_some_entry_uses_is_taken_as_it_is(counselling, together):
    publish(together, bare("Example Counseling House"))
    found = find(Question(words="counseling"), today=TODAY)
    assert (found.corrected, found.total) == ({}, find(Question(words="counselling"), today=TODAY).total)


def test_12_exact_hits_are_never_displaced_by_corrected_ones(counselling, together):
    assert names("conselling") == ["Example counselling", "Example talks"]  # nobody has the word
    publish(together, bare("Example Conselling House"))
    found = find(Question(words="conselling"), today=TODAY)
    assert ([each.listing.name for each in found.results], found.corrected) == (["Example Conselling House"], {})


@pytest.mark.parametrize("typed", ["clb", "xyzzyxyz"])
def test_12_short_words_and_words_like_nothing_are_not_corrected(counselling, typed):
    assert find(Question(words=typed), today=TODAY).corrected == {}


@pytest.mark.parametrize(
    ("typed", "need"),
    [
        ("CAMHS", "counselling"),
        ("health visitor", "health-visiting"),
        ("Health visitors", "health-visiting"),
        ("my child won't go to school", "school-attendance"),
        ("My child won’t go to school!", "school-attendance"),
        ("my child wont go to school", "school-attendance"),
        ("dv", "domestic-abuse"),
    ],
)
def test_13_phrases_people_say_find_the_services_with_the_need(together, typed, need):
    publish(together, bare("Example tagged", terms=(need,)))
    publish(together, bare("Example near miss", terms=("housing",), description="Children go to school here."))
    assert names(typed) == ["Example tagged"]


def test_13_what_staff_change_holds_at_the_next_search(together):
    publish(together, bare("Example tagged", terms=("housing",)))
    assert names("brickroof") == []
    group = SynonymGroup(name="Example words", need=Term.objects.get(code="housing"))
    save_synonyms(group=group, phrases=["Brickroof ", "four  walls"], by=None)
    assert names("brickroof") == names("Four Walls") == names("brickrooff") == ["Example tagged"]
    save_synonyms(group=group, phrases=["four walls"], by=None)
    assert names("brickroof") == []
    for refused in ([], ["the"], ["long " * 18]):
        with pytest.raises(CannotSaveSynonyms):
            save_synonyms(group=group, phrases=refused, by=None)
    assert names("four walls") == ["Example tagged"]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("programme", "program"),
        ("programmes", "programs"),
        ("behaviour", "behavior"),
        ("challenging behaviour", "challenging behavior"),
        ("counselling programme", "counseling program"),
        ("children's centre", "children's center"),
        ("organisation", "organization"),
    ],
)
def test_14_british_and_american_spellings_find_the_same(together, here, there):
    for number, text in enumerate((here, there, f"{here} {there}", "something else")):
        publish(together, bare(f"Example {number}", description=f"We have a {text}."))
    publish(together, bare(f"Example {there}"))
    assert set(names(here)) == set(names(there)) == {"Example 0", "Example 1", "Example 2", f"Example {there}"}


def test_15_name_then_need_then_text_and_ties_by_verified_distance_and_name(together):
    said = {"description": "Some counselling too."}
    publish(together, bare("Example b text", **said))
    publish(together, bare("Example a text", **said))
    publish(together, bare("Example z verified text", **said), verified=NOW)
    publish(together, bare("Example tagged", terms=("counselling",)))
    publish(together, bare("Example counselling"))
    wanted = ["counselling", "tagged", "z verified text", "a text", "b text"]
    assert names("counselling") == names("counselling") == [f"Example {name}" for name in wanted]


def test_every_word_is_needed_but_words_that_only_ask_are_not(together):
    publish(together, bare("Example garden", description="A garden with tea."))
    publish(together, bare("Example tea"))
    assert names("tea garden") == ["Example garden"]
    assert names("I need help with a garden for my 7 year old") == ["Example garden"]
    assert names("help") == ["Example tea"]  # a word by itself is looked for as it is


@pytest.mark.parametrize(
    "typed",
    [
        "tea & | ! ( ) <-> :* \\ ' '' \" --",
        "tea'); DROP TABLE directory_listing;--",
        '"tea" -nothing',
        "tea\x00",
        "😀 tea 🫖",
        "%s %(tea)s tea {0}",
        "tea " * 700,
        "‮tea",
    ],
)
def test_signs_operators_and_emoji_are_only_signs(together, typed):
    publish(together, bare("Example tea", description="Drop a table: nothing s, and directory listing 0."))
    assert names(typed) == ["Example tea"]


@pytest.mark.parametrize("typed", ["", " ", "the", "and of the", "😀", "\x00", "& | !", "'"])
def test_what_says_nothing_asks_for_everything(together, typed):
    publish(together, bare("Example tea"))
    found = find(Question(words=typed), today=TODAY)
    assert (found.total, found.words_used, found.corrected) == (1, "", {})


@pytest.mark.parametrize("typed", ["x" * 2000, "مرحبا بالعالم", "שלום", "ß" * 500, "a'" * 900])
def test_long_and_foreign_words_find_nothing_and_break_nothing(together, typed):
    publish(together, bare("Example tea"))
    assert names(typed) == []


def test_accents_do_not_matter(together):
    publish(together, bare("Example Café"))
    assert names("cafe") == names("CAFÉ") == ["Example Café"]


def test_the_borough_a_service_serves_is_one_of_its_words(together):
    publish(together, bare("Example tea", areas=("E09000012",)))
    assert names("tea hackney") == ["Example tea"]


def test_rebuilding_counts_words_and_keeps_apart_those_of_names(together):
    from ..models import SearchWord

    publish(together, bare("Example Zorba", description="Tea for people.", terms=("housing",)))
    publish(together, bare("Example tea"))
    for again in (lambda: None, rebuild_words):
        again()
        marks = dict(SearchWord.objects.values_list("word", "is_only_in_names"))
        assert {word: marks[word] for word in ("zorba", "tea", "together", "housing")} == {
            "zorba": True,
            "tea": False,
            "together": True,
            "housing": False,
        }
    assert SearchWord.objects.get(word="tea").entries == 2


def test_one_search_costs_few_queries_however_many_are_found(counselling, django_assert_num_queries):
    with django_assert_num_queries(5):  # phrases, the mistyped word, phrases again, results, counts
        find(Question(words="conselling"), today=TODAY)
    with django_assert_num_queries(2):
        find(Question(need="counselling"), today=TODAY)
    with django_assert_num_queries(3):
        assert find(Question(need="housing"), today=TODAY).total == 0


def test_needs_of_a_group_are_offered(db):
    assert SynonymGroup.objects.filter(need__taxonomy__code=Taxonomy.NEEDS).count() > 20
