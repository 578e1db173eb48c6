"""Macros: forms tied together for a screen reader, thresholds said exactly, nothing unescaped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FileField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from blueprints.shared.shares import share_of
from domain.quantities import format_money

TEMPLATES = Path(__file__).parents[2] / "templates"
EVIL = "<script>alert(1)</script>\"'"


def plain(text: str, **values: object) -> str:
    """Gettext without a catalogue."""
    return text % values if values else text


@pytest.fixture(scope="module")
def page() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        _=plain,
        csrf_token=lambda: "token-1",
        plotly_url=lambda: "/static/plotly.js",
        share_of=share_of,
        static_url=lambda name: f"/static/{name}",
        url_for=lambda endpoint, **values: f"/{endpoint}?page={values['page']}",
    )
    environment.filters["money"] = lambda fen: format_money(fen, grouped=True)
    return environment


def drawn(page: Environment, source: str, **values: object) -> str:
    lines = "".join(
        f"{{% import 'macros/{name}.html' as {name} %}}" for name in ("fields", "parts", "icons")
    )
    return page.from_string(lines + source).render(**values)


class Answers(Form):
    key = HiddenField(default="k")
    name = StringField("Your name", [InputRequired("Enter your name")], description="As registered")
    remark = TextAreaField("Remark", [Optional()])
    ground = RadioField(
        "Ground",
        [InputRequired("Choose")],
        choices=[SelectChoice("light", "Light"), SelectChoice("cost", EVIL)],
    )
    needs = SelectMultipleField(
        "Needs", choices=[SelectChoice("lift", "Lift"), SelectChoice("lamp", "Lamp")]
    )
    floor = SelectField("Floor", choices=[SelectChoice("1", "1F"), SelectChoice("2", "2F")])
    read = BooleanField("I have read it", [InputRequired("Tick it")])


@pytest.fixture
def faulty() -> Answers:
    form = Answers(MultiDict({"floor": "1", "needs": "lamp"}))
    assert not form.validate()
    return form


def test_hint_and_error_are_tied_to_the_field(page: Environment, faulty: Answers) -> None:
    html = drawn(page, "{{ fields.field(form.name) }}", form=faulty)
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="name-hint">As registered<' in html
    assert re.search(r'id="name-error">.*Enter your name</p>', html)
    assert 'for="name"' in html


def test_a_good_field_has_no_trace_of_an_error(page: Environment) -> None:
    html = drawn(page, "{{ fields.field(form.remark) }}", form=Answers())
    assert "(optional)" in html
    assert "aria-describedby" not in html
    assert "error" not in html


@pytest.mark.parametrize("macro", ["field", "choice_cards"])
def test_a_choice_is_a_fieldset_with_legend_and_a_label_for_each(
    page: Environment, faulty: Answers, macro: str
) -> None:
    html = drawn(
        page,
        f"{{{{ fields.{macro}(form.ground, hints={{'light': 'less than an hour'}}) }}}}",
        form=faulty,
    )
    assert '<fieldset id="ground" aria-describedby="ground-error">' in html
    assert re.search(r"<legend[^>]*>Ground</legend>", html)
    assert html.count('type="radio"') == html.count("<label") == 2
    assert "less than an hour" in html
    assert "<script>" not in html


def test_what_was_ticked_stays_ticked(page: Environment, faulty: Answers) -> None:
    html = drawn(page, "{{ fields.field(form.needs) }}", form=faulty)
    assert re.findall(r'value="(\w+)" checked', html) == ["lamp"]


def test_the_list_of_problems_names_each_field_and_leads_to_it(
    page: Environment, faulty: Answers
) -> None:
    html = drawn(page, "{{ fields.error_summary(form) }}", form=faulty)
    assert re.findall(r'href="#([\w-]+)">([^<]+)<', html) == [
        ("name", "Your name: Enter your name"),
        ("ground-0", "Ground: Choose"),
        ("read", "I have read it: Tick it"),
    ]
    everything = "{% for f in form %}{{ fields.field(f) }}{% endfor %}"
    whole = drawn(page, everything, form=faulty)
    for target in re.findall(r'href="#([\w-]+)"', html):
        assert f'id="{target}"' in whole


def test_every_id_of_a_form_is_there_once(page: Environment, faulty: Answers) -> None:
    html = drawn(page, "{% for f in form %}{{ fields.field(f) }}{% endfor %}", form=faulty)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_a_form_carries_its_token_and_turns_multipart_for_a_file(page: Environment) -> None:
    class Upload(Form):
        roster = FileField("Roster")

    source = "{% call fields.form_box(form) %}x{% endcall %}"
    assert 'enctype="multipart/form-data"' in drawn(page, source, form=Upload())
    html = drawn(page, source, form=Answers())
    assert "enctype" not in html
    assert 'name="csrf_token" value="token-1"' in html
    assert "csrf_token" not in drawn(
        page, "{% call fields.form_box(form, method='get') %}x{% endcall %}", form=Answers()
    )


def test_a_dangerous_button_asks_first_and_needs_no_script(page: Environment) -> None:
    html = drawn(
        page,
        "{{ fields.post_button('/x', 'Withdraw', confirm='Sure?', fields={'version': 3}) }}",
    )
    before, after = html.split("<form", 1)
    assert "Sure?" in before
    assert '<details class="confirm">' in before
    assert 'name="csrf_token"' in after
    assert 'name="version" value="3"' in after


@pytest.mark.parametrize(
    ("part", "whole", "threshold", "strict", "reached"),
    [
        (12, 18, (2, 3), False, True),
        (11, 18, (2, 3), False, False),
        (6666, 10000, (2, 3), False, False),
        (9, 18, (1, 2), True, False),
        (10, 18, (1, 2), True, True),
        (0, 0, (2, 3), False, False),
    ],
)
def test_progress_says_reached_exactly_at_the_threshold(
    page: Environment,
    part: int,
    whole: int,
    threshold: tuple[int, int],
    strict: bool,
    reached: bool,
) -> None:
    html = drawn(
        page,
        "{{ parts.progress(part, whole, threshold, 'heads', strict=strict) }}",
        part=part,
        whole=whole,
        threshold=threshold,
        strict=strict,
    )
    assert (">reached<" in html) is reached
    assert (">not reached yet<" in html) is not reached


def test_b7f_a_share_is_never_rounded_up_to_its_threshold(page: Environment) -> None:
    html = drawn(page, "{{ parts.progress(7499, 10000, (3, 4), 'area') }}")
    assert "under 3/4" in html
    assert "75.0 %" not in html
    assert ">not reached yet<" in html
    # Nor is it drawn over the mark.
    assert 'width="749"' in html
    assert "74.9 %" in drawn(page, "{{ parts.progress(7494, 10000, (3, 4), 'area') }}")


def test_b7f_a_share_is_rounded_and_not_cut(page: Environment) -> None:
    assert "36.4 %" in drawn(page, "{{ parts.progress(4, 11, (2, 3), 'owners') }}")


def test_b7g_a_published_share_has_its_mark_and_its_exact_verdict(page: Environment) -> None:
    html = drawn(page, "{{ parts.progress(67, 100, (2, 3), 'area', rounded=False) }}")
    assert "under 2/3" in html
    assert ">not reached yet<" in html
    assert "67" not in html
    html = drawn(page, "{{ parts.progress(67, 100, (2, 3), 'area', rounded=True) }}")
    assert "67 %" in html
    assert ">reached<" in html


def test_what_people_wrote_is_escaped_in_every_part(page: Environment) -> None:
    source = """
    {% call parts.notice('info', evil) %}{{ evil }}{% endcall %}
    {{ parts.crumbs([(evil, evil), (evil, None)]) }}
    {{ parts.summary_list([(evil, evil, evil, evil)]) }}
    {{ parts.table(evil, [evil, evil], [[evil, evil]], foot=[evil, evil]) }}
    {{ parts.tag(evil) }}{{ parts.empty(evil, evil, evil, evil) }}
    {{ parts.steps([{'label': evil, 'state': 'done', 'date': evil, 'actor': evil, 'paper': evil,
                     'paper_url': evil, 'note': evil}]) }}
    {{ parts.why(evil, evil) }}{{ parts.money_line(evil, 100, note=evil) }}
    {{ parts.timeline([(evil, evil, evil)]) }}{{ parts.tabs([(evil, evil, True)]) }}
    {{ parts.chart('c', evil, evil, [evil], [[evil]], evil, csv_url=evil) }}
    """
    assert "<script" not in drawn(page, source, evil=EVIL)


def test_numbers_stand_right_and_the_first_cell_names_its_row(page: Environment) -> None:
    html = drawn(page, "{{ parts.table('t', ['Floor', 'Yuan'], [['6F', '1.00']], numeric=[1]) }}")
    assert '<th scope="row">6F</th><td class="number">1.00</td>' in html
    assert '<th scope="col" class="number">Yuan</th>' in html


def test_the_current_step_of_the_way_is_marked_for_eyes_and_ears(page: Environment) -> None:
    html = drawn(
        page,
        "{{ parts.steps([{'label': 'a', 'state': 'done'}, {'label': 'b', 'state': 'current'}]) }}",
    )
    assert html.count('aria-current="step"') == 1
    assert re.search(r'<b>b <span class="tag info">now</span></b>', html)


def test_pages_in_between_are_left_out_and_the_present_one_is_no_link(page: Environment) -> None:
    html = drawn(page, "{{ parts.pagination(10, 20, 'register.dwellings') }}")
    assert re.findall(r"page=(\d+)", html) == ["9", "1", "8", "9", "11", "12", "20", "11"]
    assert html.count('aria-current="page"') == 1
    assert drawn(page, "{{ parts.pagination(1, 1, 'x') }}").strip() == ""


def test_a_chart_puts_its_table_first_and_loads_nothing_by_itself(page: Environment) -> None:
    html = drawn(page, "{{ parts.chart('c', 'T', 'C', ['a'], [['1']], '/c.json') }}")
    assert html.index("<table") < html.index("data-chart")
    assert "<script" not in html
    assert 'data-height="400"' in html


def test_no_template_carries_an_inline_style_or_handler() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son(click|change|submit|load|input)=", text), path
