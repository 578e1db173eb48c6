"""The menu catalogue: works a building may choose from, as reference data.

Source: General Office of the State Council 2020 No. 23 (国办发〔2020〕23号) for the three classes;
民法典 278 for the matter that decides an item. A catalogue item is a starting point: a committee
copies it into its menu and adds options, quantities and prices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.cities import faulty
from domain.menus import DecidedBy, ItemClass
from domain.objections import Ground


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The Chinese text for any ``zh``, else the English one."""
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One kind of works.

    ``matter`` is the number in art. 278 para. 1 that usually decides it; ``state_funded`` items are
    usually paid by the state alone, then only consulted on. ``excludes`` and ``requires`` are keys
    of other items; ``fields`` is what a contractor needs to know.
    """

    key: str
    item_class: ItemClass
    name: Words
    unit: Words
    matter: int
    decided_by: DecidedBy
    state_funded: bool
    excludes: tuple[str, ...]
    requires: tuple[str, ...]
    grounds: tuple[Ground, ...]
    objections: Words
    fields: tuple[Words, ...]


_KEYS = frozenset(
    {"key", "class", "name", "unit", "matter", "scope", "state_funded"}
    | {"excludes", "requires", "grounds", "objections", "fields"}
)


def _words(key: str, value: object) -> Words:
    if not isinstance(value, Mapping) or set(value) != {"zh", "en"}:
        raise faulty(key, "not_in_both_languages")
    for language, text in value.items():
        if not isinstance(text, str) or not text.strip():
            raise faulty(f"{key}.{language}", "missing")
    return Words(value["zh"].strip(), value["en"].strip())


def _list(key: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise faulty(key, "not_a_list")
    return value


def _strings(key: str, value: object) -> tuple[str, ...]:
    texts = [one for one in _list(key, value) if isinstance(one, str) and one]
    if len(texts) != len(_list(key, value)):
        raise faulty(key, "not_a_text")
    if len(set(texts)) != len(texts):
        raise faulty(key, "listed_twice")
    return tuple(texts)


def _choice(key: str, value: object, known: Iterable[str]) -> str:
    choices = tuple(str(one) for one in known)
    if not isinstance(value, str) or value not in choices:
        raise faulty(key, "not_a_choice", value=value, known=choices)
    return value


def _matter(key: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise faulty(key, "not_a_whole_number", value=value)
    if not 1 <= value <= 9:
        raise faulty(key, "out_of_range", value=value)
    return value


def _item(place: int, plain: object) -> CatalogueItem:
    where = f"item[{place}]"
    if not isinstance(plain, Mapping):
        raise faulty(where, "not_a_table")
    key = plain.get("key")
    if not isinstance(key, str) or not key.isidentifier():
        raise faulty(f"{where}.key", "missing")
    for given in sorted(set(plain) - _KEYS):
        raise faulty(f"{key}.{given}", "unknown_key")
    for needed in sorted(_KEYS - set(plain)):
        raise faulty(f"{key}.{needed}", "missing")
    if not isinstance(plain["state_funded"], bool):
        raise faulty(f"{key}.state_funded", "not_true_or_false")
    grounds = _strings(f"{key}.grounds", plain["grounds"])
    return CatalogueItem(
        key=key,
        item_class=ItemClass(_choice(f"{key}.class", plain["class"], ItemClass)),
        name=_words(f"{key}.name", plain["name"]),
        unit=_words(f"{key}.unit", plain["unit"]),
        matter=_matter(f"{key}.matter", plain["matter"]),
        decided_by=DecidedBy(_choice(f"{key}.scope", plain["scope"], DecidedBy)),
        state_funded=plain["state_funded"],
        excludes=_strings(f"{key}.excludes", plain["excludes"]),
        requires=_strings(f"{key}.requires", plain["requires"]),
        grounds=tuple(Ground(_choice(f"{key}.grounds", one, Ground)) for one in grounds),
        objections=_words(f"{key}.objections", plain["objections"]),
        fields=tuple(
            _words(f"{key}.fields[{number}]", one)
            for number, one in enumerate(_list(f"{key}.fields", plain["fields"]))
        ),
    )


def _check_links(items: Mapping[str, CatalogueItem]) -> None:
    for item in items.values():
        for name, linked in (("excludes", item.excludes), ("requires", item.requires)):
            for other in linked:
                if other not in items or other == item.key:
                    raise faulty(f"{item.key}.{name}", "no_such_item", value=other)
        for other in item.excludes:
            if item.key not in items[other].excludes:
                raise faulty(f"{other}.excludes", "exclusion_one_sided", value=item.key)
        for other in set(item.excludes) & set(item.requires):
            raise faulty(f"{item.key}.requires", "required_and_excluded", value=other)


def catalogue(plain: Mapping[str, object]) -> dict[str, CatalogueItem]:
    """The catalogue of a reference file, by key, in the file's order.

    Refuses ``reference_value_wrong`` (key, reason): missing, unknown or unreadable values, a key
    given twice, links to no item, and exclusions that only one side knows.
    """
    for given in plain:
        if given != "item":
            raise faulty(str(given), "unknown_key")
    items: dict[str, CatalogueItem] = {}
    for place, one in enumerate(_list("item", plain.get("item"))):
        item = _item(place, one)
        if item.key in items:
            raise faulty(item.key, "listed_twice")
        items[item.key] = item
    if not items:
        raise faulty("item", "missing")
    _check_links(items)
    return items
