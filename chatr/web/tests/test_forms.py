"""Every form: GOV.UK markup, errors that lead to the field and say what to do, and what was typed is kept."""

from datetime import date

import pytest
from django import forms
from django.template import engines

from chatr.web.forms import DayField, PortalForm, plain_errors, problems


class Booking(PortalForm):
    submit_label = "Book"

    name = forms.CharField(label="Your name", max_length=5)
    email = forms.EmailField(label="E-mail address", help_text="We <write> to it.")
    why = forms.CharField(label="Why", required=False, widget=forms.Textarea)
    how = forms.ChoiceField(
        label="How will you come?", choices=[("a", "On foot"), ("b", "By bus")], widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label="Needs", choices=[("a", "Step-free"), ("b", "Loop")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agree = forms.BooleanField(label="I agree")
    born = DayField(label="Date of birth")
    people = forms.IntegerField(label="Number of people")


def shown(form) -> str:
    template = "{% load crispy_forms_tags %}{% include 'components/error_summary.html' %}{% crispy form %}"
    return engines["django"].from_string(template).render({"form": form})


@pytest.fixture
def wrong():
    return Booking(
        {
            "name": "Gwendolyn",
            "email": "x",
            "how": "",
            "needs": ["b"],
            "born_0": "3",
            "born_1": "",
            "born_2": "2027",
            "people": "two",
        }
    )


def test_every_problem_says_what_to_do_and_leads_to_its_box(wrong):
    assert [(problem.message, problem.target) for problem in problems(wrong)] == [
        ("Your name must be 5 characters or fewer", "id_name"),
        ("Enter an e-mail address like name@example.org", "id_email"),
        ("Answer the question: How will you come?", "id_how"),
        ("Tick the box: I agree", "id_agree"),
        ("Enter the month", "id_born_1"),
        ("Enter number of people as a whole number", "id_people"),
    ]


def test_every_box_an_error_leads_to_is_on_the_page(wrong):
    html = shown(wrong)
    for problem in problems(wrong):
        assert f'id="{problem.target}"' in html
        assert f'href="#{problem.target}"' in html


def test_what_was_typed_is_kept(wrong):
    html = shown(wrong)
    assert 'value="Gwendolyn"' in html
    assert 'id="id_needs_1" value="b" checked' in html
    assert 'name="born_0" value="3"' in html


def test_what_may_be_left_empty_says_so_and_nothing_else_does():
    html = shown(Booking())
    assert "Why (optional)" in html
    assert "Needs (optional)" in html
    assert html.count("(optional)") == 2


def test_labels_and_hints_are_escaped():
    form = Booking()
    form.fields["name"].label = "<b>Name</b>"
    html = shown(form)
    assert "&lt;b&gt;Name&lt;/b&gt;" in html
    assert "We &lt;write&gt; to it." in html


def test_a_form_leaves_wording_to_us_and_not_to_the_browser():
    html = shown(Booking())
    assert "novalidate" in html
    assert " required" not in html
    assert ">Book</button>" in html


def test_our_own_sentences_are_left_alone():
    form = Booking({"name": ""})
    form.fields["name"].error_messages["required"] = "Tell us what to call you"
    assert plain_errors(form["name"]) == ["Tell us what to call you"]


def test_an_error_of_the_whole_form_comes_first_and_leads_nowhere(wrong):
    wrong.add_error(None, "You are already booked.")
    assert (problems(wrong)[0].message, problems(wrong)[0].target) == ("You are already booked.", "")


def test_a_day_is_read_from_three_boxes():
    form = Booking({"born_0": "3", "born_1": "4", "born_2": "2027"})
    form.is_valid()
    assert form.cleaned_data["born"] == date(2027, 4, 3)


def test_a_day_that_does_not_exist_is_refused_in_plain_words():
    form = Booking({"born_0": "31", "born_1": "2", "born_2": "2027"})
    assert plain_errors(form["born"]) == ["Enter a date that exists, like 14 1 2027"]


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("27", "Check the year: it has four digits, like 2027"),
        ("1027", "Check the year: it has four digits, like 2027"),
        ("9999", "Check the year: it has four digits, like 2027"),
        ("99999999999", "Enter a date that exists, like 14 1 2027"),
        ("9" * 5000, "Enter a date that exists, like 14 1 2027"),
    ],
)
def test_a_year_nobody_means_is_refused(year, said):
    form = Booking({"born_0": "3", "born_1": "2", "born_2": year})
    assert form["born"].errors
    assert plain_errors(form["born"]) == [said]


def test_a_day_that_is_missing_is_asked_for():
    assert plain_errors(Booking({})["born"]) == ["Enter the day, month and year: date of birth"]
