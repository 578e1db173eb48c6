"""Whether published counts leave everyone an alibi: the proof behind ``domain/releases.py``.

Source: ours, after 个人信息保护法 / PIPL arts. 6 and 51. A household's choice is covered when it
could have been another one and **every figure ever published would still be the same**. It must
stay covered when one owner adds what they know of all their own flats.

Each household was counted in at most one table by band (its *row*) and one compound-wide table by
floor (its *column*). To exchange the choices o and p among households without changing a count,
as many must go from o to p as from p to o in every row and in every column. Draw who chose o as
an arrow from its row to its column, and who chose p as an arrow from its column to its row:
the exchanges that change nothing are exactly the cycles of arrows. So a household can be
exchanged when its arrow lies on a cycle, which is when both ends are strongly connected. Two
neighbours in the same tables with different choices are the shortest cycle. Who is in no table
of one sort ends at ``FREE``, where nothing has to balance.

A *history* is what was published about a household in the row (or column) over time, so that the
difference of two days is covered by the same argument. Who changed an answer may be known to
somebody, so histories are exchanged only for histories that stay and change at the same places.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

# One place per publication, holding one value per question.
History = tuple[tuple[Hashable, ...], ...] | None
Node = tuple[str, Hashable]
Arrow = tuple[Node, Node]
FREE: Node = ("free", None)


@dataclass(frozen=True, slots=True)
class Member:
    """A household in published tables: in which, with which histories; None where in none."""

    owner: Hashable
    row: Hashable | None
    column: Hashable | None
    row_history: History
    column_history: History


# What a household could be exchanged for: a history by row and one by column.
Kind = tuple[History, History]
# Row or column, which publication, which question.
Place = tuple[int, int, int]


def _fits(member: Member, kind: Kind) -> bool:
    row, column = member.row_history, member.column_history
    return (row is None or row == kind[0]) and (column is None or column == kind[1])


def _shape(kind: Kind) -> tuple[int | None, int | None, tuple[int, ...]]:
    """Which tables a kind is in, how often, and where its answers stay the same or change."""
    row, column = kind
    places = [*(row or ()), *(column or ())]
    lengths = (None if one is None else len(one) for one in kind)
    return (*lengths, tuple(map(places.index, places)))  # type: ignore[return-value]


def _arrow(member: Member, kind: Kind, other: Kind) -> Arrow | None:
    """The arrow of a member for the exchange of two kinds; None when it takes no part in it."""
    held, wanted = _fits(member, kind), _fits(member, other)
    if held == wanted:
        return None
    # Where both kinds agree nothing changes in the tables of that sort, so nothing must balance.
    row_bound = member.row is not None and kind[0] != other[0]
    column_bound = member.column is not None and kind[1] != other[1]
    row: Node = ("row", member.row) if row_bound else FREE
    column: Node = ("column", member.column) if column_bound else FREE
    return (row, column) if held else (column, row)


def _finishing_order(nodes: Iterable[Node], forward: Mapping[Node, list[Node]]) -> list[Node]:
    order: list[Node] = []
    seen: set[Node] = set()
    for start in nodes:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(forward[start]))]
        while stack:
            node, heads = stack[-1]
            following = next((head for head in heads if head not in seen), None)
            if following is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(forward[following])))
    return order


def _components(arrows: Iterable[Arrow]) -> dict[Node, int]:
    """The strongly connected component of every node (Kosaraju's two passes, not recursive)."""
    forward: dict[Node, list[Node]] = defaultdict(list)
    backward: dict[Node, list[Node]] = defaultdict(list)
    nodes: dict[Node, None] = {}
    for tail, head in arrows:
        forward[tail].append(head)
        backward[head].append(tail)
        nodes[tail] = nodes[head] = None
    component: dict[Node, int] = {}
    for number, start in enumerate(reversed(_finishing_order(nodes, forward))):
        if start in component:
            continue
        component[start] = number
        waiting = [start]
        while waiting:
            for tail in backward[waiting.pop()]:
                if tail not in component:
                    component[tail] = number
                    waiting.append(tail)
    return component


class _Exchange:
    """All arrows for the exchange of two kinds, how many stand behind each, and the cycles."""

    def __init__(self, groups: Mapping[Member, int], kind: Kind, other: Kind) -> None:
        self.kinds = (kind, other)
        self.arrows: Counter[Arrow] = Counter()
        self.arrow_of: dict[Member, Arrow] = {}
        for member, number in groups.items():
            arrow = _arrow(member, kind, other)
            if arrow is not None:
                self.arrow_of[member] = arrow
                self.arrows[arrow] += number
        self.components = _components(self.arrows)
        self.heads: dict[Node, list[Node]] = defaultdict(list)
        for tail, head in self.arrows:
            self.heads[tail].append(head)

    def _reaches(self, arrow: Arrow, gone: set[Arrow]) -> bool:
        tail, head = arrow
        seen, waiting = {tail}, [tail]
        while waiting:
            node = waiting.pop()
            for following in self.heads[node]:
                if following not in seen and (node, following) not in gone:
                    if following == head:
                        return True
                    seen.add(following)
                    waiting.append(following)
        return False

    def lost_without(self, taken: Counter[Arrow]) -> list[Member]:
        """Whom this exchange no longer covers when those arrows are known to somebody."""
        gone = {arrow for arrow, number in taken.items() if self.arrows[arrow] <= number}
        # While every lost arrow has another way round it, no component falls apart.
        if all(self._reaches(arrow, gone) for arrow in gone):
            return []
        left = _components(arrow for arrow in self.arrows if arrow not in gone)
        return [
            member
            for member, arrow in self.arrow_of.items()
            if _same(self.components, arrow) and not _same(left, arrow)
        ]

    def changed_places(self, member: Member) -> set[Place]:
        """Which published values of a member this exchange would change."""
        held = _fits(member, self.kinds[0])
        other = _values(self.kinds[1] if held else self.kinds[0])
        return {place for place, value in _values(_kind(member)).items() if other[place] != value}


def _kind(member: Member) -> Kind:
    return (member.row_history, member.column_history)


def _values(kind: Kind) -> dict[Place, Hashable]:
    return {
        (side, at, question): value
        for side, history in enumerate(kind)
        for at, values in enumerate(history or ())
        for question, value in enumerate(values)
    }


def _same(components: Mapping[Node, int], arrow: Arrow) -> bool:
    return components.get(arrow[0], -1) == components.get(arrow[1], -2)


class _Alibis:
    """For every group of alike households, by which exchanges each published value is covered."""

    def __init__(self, everyone: Iterable[Member]) -> None:
        self.groups: Counter[Member] = Counter()
        self.known: dict[Hashable, Counter[Member]] = defaultdict(Counter)
        for one in everyone:
            alike = Member(None, one.row, one.column, one.row_history, one.column_history)
            self.groups[alike] += 1
            self.known[one.owner][alike] += 1
        kinds = list(dict.fromkeys(map(_kind, self.groups)))
        shapes = list(map(_shape, kinds))
        self.exchanges = [
            _Exchange(self.groups, kinds[one], kinds[two])
            for one in range(len(kinds))
            for two in range(one)
            if shapes[one] == shapes[two]
        ]
        self.covering = {member: self._covering(member) for member in self.groups}

    def _covering(self, member: Member) -> dict[Place, set[int]]:
        covering: dict[Place, set[int]] = {place: set() for place in _values(_kind(member))}
        for number, exchange in enumerate(self.exchanges):
            arrow = exchange.arrow_of.get(member)
            if arrow is not None and _same(exchange.components, arrow):
                for place in exchange.changed_places(member):
                    covering[place].add(number)
        return covering

    def hold(self) -> bool:
        """Whether every value of every household has an alibi when nobody knows anything."""
        return all(all(places.values()) for places in self.covering.values())

    def hold_against(self, known: Counter[Member]) -> bool:
        """Whether they still have one when one owner knows about these households (their own)."""
        lost: dict[Member, set[int]] = defaultdict(set)
        for number, exchange in enumerate(self.exchanges):
            taken: Counter[Arrow] = Counter()
            for member, households in known.items():
                if member in exchange.arrow_of:
                    taken[exchange.arrow_of[member]] += households
            for member in exchange.lost_without(taken) if taken else ():
                lost[member].add(number)
        return all(
            self.groups[member] <= known[member]
            or all(numbers - gone for numbers in self.covering[member].values())
            for member, gone in lost.items()
        )


def all_covered(members: Iterable[Member]) -> bool:
    """Whether every value ever published of every member has an alibi, whatever any one owner
    knows about all of that owner's own dwellings."""
    alibis = _Alibis(members)
    # Owners who know the same need be tried once.
    different = {frozenset(known.items()): known for known in alibis.known.values()}
    return alibis.hold() and all(map(alibis.hold_against, different.values()))
