"""The Chinese catalogue: brought up to date, added to, checked, compiled.

    python -m tools.translate update            take up new texts, drop those no longer used
    python -m tools.translate add < texts.json  {"English": "中文", "one|many": "中文", …}
                                                ("context\\u0004English" for a text with a context)
    python -m tools.translate check             fail when a text has no Chinese
    python -m tools.translate compile           write the .mo file the program reads

One catalogue, one file; a lock keeps two people from writing it at once.
"""

from __future__ import annotations

import fcntl
import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PO = ROOT / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@contextmanager
def _locked() -> Iterator[None]:
    with (PO.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read() -> Catalog:
    if not PO.exists():
        return Catalog(locale="zh_Hans", project="Louyi", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _template() -> Catalog:
    template = Catalog(project="Louyi", charset="utf-8")
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT), methods, options, keywords=KEYWORDS)
    for name, line, message, _comments, context in found:
        del line
        template.add(message, None, [(name, 0)], context=context)
    return template


def _updated() -> Catalog:
    catalog = _read()
    catalog.update(_template(), no_fuzzy_matching=True)
    return catalog


def _write(catalog: Catalog) -> None:
    catalog.obsolete.clear()
    text = io.BytesIO()
    write_po(text, catalog, width=100, sort_output=True, no_location=True, ignore_obsolete=True)
    # The header's dates would change the file at every run.
    lines = text.getvalue().decode().splitlines()
    PO.write_text("\n".join(x for x in lines if "-Date: " not in x) + "\n", encoding="utf-8")


def update() -> None:
    """Take up new texts, drop those no longer used."""
    with _locked():
        _write(_updated())


def add(texts: dict[str, str]) -> None:
    """Put in translations for texts that are used; says which are not."""
    with _locked():
        catalog = _updated()
        for text, chinese in texts.items():
            context, _mark, english = text.rpartition("\x04")
            key = tuple(english.split("|", 1)) if "|" in english else english
            found = (catalog.get(one, context or None) for one in (english, key))
            message = next(filter(None, found), None)
            if message is None:
                print(f"not used anywhere: {english}", file=sys.stderr)
                continue
            message.string = (chinese,) if message.pluralizable else chinese
            message.flags.discard("fuzzy")
        _write(catalog)


def faults() -> list[str]:
    """What keeps the catalogue from being complete: one line each."""
    found = []
    for message in _updated():
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[-1]
        forms = (message.string,) if isinstance(message.string, str) else message.string or ()
        chinese = "".join(forms)
        if not chinese or message.fuzzy:
            found.append(f"no Chinese: {english}")
        elif set(PLACEHOLDER.findall(chinese)) - set(PLACEHOLDER.findall(english)):
            found.append(f"a placeholder that the text does not have: {english}")
    return found


def compile_catalogue() -> None:
    """Write the .mo file."""
    with _locked(), MO.open("wb") as file:
        write_mo(file, _read())


def main(arguments: list[str]) -> int:
    """The command line; 1 when the catalogue is not complete."""
    act = arguments[0] if arguments else "check"
    if act == "update":
        update()
    elif act == "add":
        add(json.load(sys.stdin))
        compile_catalogue()
    elif act == "compile":
        compile_catalogue()
    elif act == "check":
        print("\n".join(missing := faults()) or "the catalogue is complete")
        return 1 if missing else 0
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
