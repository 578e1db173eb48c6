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
difference of two days is covered by the same argument.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

History = tuple[Hashable, ...] | None
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


def _fits(member: Member, kind: Kind) -> bool:
    return all(
        own is None or own == other
        for own, other in zip((member.row_history, member.column_history), kind, strict=True)
    )


def _comparable(kind: Kind, other: Kind) -> bool:
    return kind != other and all(
        (one is None) == (two is None) and (one is None or two is None or len(one) == len(two))
        for one, two in zip(kind, other, strict=True)
    )


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

    def without(self, taken: Counter[Arrow]) -> dict[Node, int]:
        """The components when these arrows are known to somebody and so cannot be exchanged."""
        gone = {arrow for arrow, number in taken.items() if self.arrows[arrow] <= number}
        # While every lost arrow has another way round it, no component falls apart.
        if all(self._reaches(arrow, gone) for arrow in gone):
            return self.components
        return _components(arrow for arrow in self.arrows if arrow not in gone)

    def differs(self, member: Member) -> set[tuple[int, int]]:
        """Which published values of a member this exchange would change."""
        held = _fits(member, self.kinds[0])
        target = self.kinds[1] if held else self.kinds[0]
        own = (member.row_history, member.column_history)
        return {
            (side, place)
            for side in (0, 1)
            for place, value in enumerate(own[side] or ())
            if value != (target[side] or ())[place]
        }


def _places(member: Member) -> set[tuple[int, int]]:
    histories = (member.row_history, member.column_history)
    return {(side, place) for side in (0, 1) for place in range(len(histories[side] or ()))}


def _same(components: Mapping[Node, int], arrow: Arrow) -> bool:
    # A free arrow from FREE to FREE is bound by nothing at all.
    return arrow[0] == arrow[1] or components.get(arrow[0], -1) == components.get(arrow[1], -2)


def _anonymous(member: Member) -> Member:
    return Member(None, member.row, member.column, member.row_history, member.column_history)


def all_covered(members: Iterable[Member]) -> bool:
    """Whether every value ever published of every member has an alibi, whatever any one owner
    knows about all of that owner's own dwellings. Histories hold one value per place."""
    everyone = list(members)
    groups = Counter(_anonymous(member) for member in everyone)
    by_owner: dict[Hashable, list[Member]] = defaultdict(list)
    for member in everyone:
        by_owner[member.owner].append(_anonymous(member))
    kinds = list(dict.fromkeys((one.row_history, one.column_history) for one in groups))
    exchanges = [
        _Exchange(groups, kind, other)
        for at, kind in enumerate(kinds)
        for other in kinds[:at]
        if _comparable(kind, other)
    ]
    return _covered(groups, exchanges, {}, Counter()) and all(
        _covered_against(groups, exchanges, known) for known in by_owner.values()
    )


def _covered_against(
    groups: Counter[Member], exchanges: list[_Exchange], known: list[Member]
) -> bool:
    changed: dict[int, dict[Node, int]] = {}
    for number, exchange in enumerate(exchanges):
        taken = Counter(exchange.arrow_of[one] for one in known if one in exchange.arrow_of)
        left = exchange.without(taken)
        if left is not exchange.components:
            changed[number] = left
    return not changed or _covered(groups, exchanges, changed, Counter(known))


def _covered(
    groups: Counter[Member],
    exchanges: list[_Exchange],
    changed: Mapping[int, Mapping[Node, int]],
    known: Counter[Member],
) -> bool:
    for member, number in groups.items():
        if number <= known[member]:
            continue
        open_places = _places(member)
        for index, exchange in enumerate(exchanges):
            if not open_places:
                break
            arrow = exchange.arrow_of.get(member)
            components = changed.get(index, exchange.components)
            if arrow is not None and _same(components, arrow):
                open_places -= exchange.differs(member)
        if open_places:
            return False
    return True
