"""docs/deploy.md and docs/first-hour.md hold: commands in order, settings and buttons named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tools import deploy_rehearsal as rehearsal

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
HOUR = (ROOT / "docs" / "first-hour.md").read_text("utf-8")
CATALOGUE = ROOT / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
# A name on a page and the same in Chinese: **Sign in** 登录
NAMED = re.compile(r"\*\*([^*]+)\*\* ((?:[一-龥]|，|：|“…”| PDF)+)")


def typed(way: str) -> str:
    return "".join(block.text for block in rehearsal.blocks(PAGE) if way in block.words)


def test_a5_every_command_of_one_machine_is_typed_by_the_rehearsal():
    part = PAGE[PAGE.index("## One machine") : PAGE.index("## Several machines")]
    written = re.findall(r"^    (\S.*)", part, re.MULTILINE)
    known = "".join(block.text for block in rehearsal.blocks(PAGE))
    assert len(written) > 40
    assert [line for line in written if line not in known] == []


@pytest.mark.parametrize("way", rehearsal.WAYS)
def test_a5_each_way_goes_from_nothing_to_a_checked_backup_in_order(way):
    text = typed(way)
    steps = [
        "git clone <this repository>",
        *(["postgresql-15", "template0 louyi\n", ".pgpass"] * (way == "postgresql")),
        "/etc/louyi/louyi.env",
        "alembic upgrade head",
        "systemctl start louyi",
        "create-admin",
        "nginx -t",
        "app backup",
        "restore-check",
    ]
    found = [text.index(step) for step in steps]
    assert found == sorted(found)


def test_a5_the_file_with_the_password_is_its_owners_before_anything_is_in_it():
    lines = typed("postgresql").splitlines()
    made = lines.index("install -m 0600 -o louyi -g louyi /dev/null /var/lib/louyi/.pgpass")
    assert [line for line in lines[:made] if ".pgpass" in line] == []
    assert lines[made + 1].endswith("> /var/lib/louyi/.pgpass")


def test_a5_a_copy_of_postgresql_is_checked_in_an_empty_database_of_its_own():
    text = typed("postgresql")
    check = text[text.index("restore-check") :]
    assert "--template template0 louyi_check\n" in text
    assert check.split("\n")[1].strip().startswith("--into postgresql://louyi@")


def test_a5_a_mark_that_nobody_knows_is_refused():
    with pytest.raises(rehearsal.Failed, match="mysql"):
        rehearsal.blocks("<!-- typed: mysql -->\n\n    true\n")
    with pytest.raises(rehearsal.Failed, match="network"):
        rehearsal.blocks("<!-- typed: network -->\n\n    true\n")


def test_a3_every_setting_is_documented():
    read = re.findall(r'environ\.get\(\s*"([A-Z_]+)"', (ROOT / "config.py").read_text("utf-8"))
    read += re.findall(r'"(LOUYI_[A-Z]+)"', (ROOT / "deploy" / "gunicorn.conf.py").read_text())
    assert "LOUYI_INSTANCE" in read and len(read) > 6
    table = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    named = {name for cell in table for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert set(read) - named == set()


def test_a5_the_first_hour_names_buttons_as_the_pages_do():
    with CATALOGUE.open("rb") as file:
        catalogue = {str(one.id): str(one.string) for one in read_po(file) if one.id}

    def as_written(text: str) -> str:
        return re.sub(r"“%\(\w+\)s”", "“…”", text)

    known = {as_written(english): as_written(chinese) for english, chinese in catalogue.items()}
    names = [(" ".join(a.split()), b) for a, b in NAMED.findall(HOUR)]
    assert len(names) > 30
    assert [(a, b, known.get(a)) for a, b in names if known.get(a) != b.strip()] == []


def test_a5_the_first_hour_is_linked_where_people_begin():
    for page in ("README.md", "README.zh-CN.md"):
        assert "docs/first-hour.md" in (ROOT / page).read_text("utf-8")
    assert "(first-hour.md)" in PAGE
