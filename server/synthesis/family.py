"""Who lives in a household: relations, sexes, ages and marriages that fit together. `server.synthesis.survey` calls it.

A family grows from its head: spouse, their children, the wives and children of married sons, then kin of the head's
own generation and above. Nobody under sixteen is married and no parent is less than sixteen years older than a child.
Ages are in years with their fraction, on the day of the survey.
"""

from dataclasses import dataclass
from random import Random

from server.synthesis import figures
from server.synthesis.chance import Weighted, by_year
from server.synthesis.figures import Province

MARRIAGE_AGE = 16.1
"""No one is married younger than this (years)."""
GENERATION = 16.2
"""No parent is less than this many years older than a child."""
CHILDLESS = 99.0

_KINDS = Weighted(figures.HEAD_KINDS)
_HEAD_AGES = Weighted(figures.HEAD_AGES)
_BORN = Weighted(figures.CHILDREN_BORN)
_OTHER_AGES = Weighted(figures.OTHER_AGES)
_SONS_MARRIED = by_year(dict(zip(figures.AT_HOME_BANDS, figures.SONS_MARRIED, strict=True)))


@dataclass(slots=True)
class Member:
    """One person of a family, before names, numbers and answers."""

    relation: str
    sex: str
    age: float
    marital: str
    youngest: float = CHILDLESS
    """Age of a woman's youngest child in the household."""


def _at_home(shares: tuple[float, ...], infants: float) -> tuple[float, ...]:
    """Return the share of children found at home by year of age, with the province's factor on those under two."""
    spread = by_year(dict(zip(figures.AT_HOME_BANDS, shares, strict=True)))
    return (min(1.0, spread[0] * infants), min(1.0, spread[1] * infants), *spread[2:])


class Families:
    """A maker of families for one province."""

    def __init__(self, rng: Random, province: Province) -> None:
        """Take the survey's generator and the province's figures."""
        self._rng = rng
        self._parity = province.parity
        self._extended = province.extended
        self._sons = _at_home(figures.SONS_AT_HOME, province.infants)
        self._daughters = _at_home(figures.DAUGHTERS_AT_HOME, province.infants)
        self._members: list[Member] = []

    def make(self) -> list[Member]:
        """Return the members of a new household, the head first."""
        kind = _KINDS.draw(self._rng)
        self._members = []
        head = self._head(kind)
        if kind in ("couple", "widower", "divorced_man"):
            self._household_of_man(head, kind)
        elif kind in ("widow", "wife_alone", "divorced_woman"):
            self._line(head, head.age + self._gap())
        self._elders(head)
        self._siblings(head)
        self._others()
        return self._members

    def _add(self, relation: str, sex: str, age: float, marital: str) -> Member:
        member = Member(relation, sex, age, marital)
        self._members.append(member)
        return member

    def _head(self, kind: str) -> Member:
        age = _HEAD_AGES.draw(self._rng) + 5 * self._rng.random()
        if kind == "couple":
            return self._add("head", "male", age, "married")
        if kind in ("bachelor", "spinster"):
            sex = "male" if kind == "bachelor" else "female"
            return self._add("head", sex, min(age, 18 + age / 3), "never_married")
        if kind in ("widower", "widow"):
            sex = "male" if kind == "widower" else "female"
            return self._add("head", sex, min(age + 12, 92.0), "widowed")
        if kind == "wife_alone":
            return self._add("head", "female", max(age - 4, 19.0), "married")
        parted = "divorced" if self._rng.random() < 0.6 else "separated"
        return self._add("head", "male" if kind == "divorced_man" else "female", max(age, 22.0), parted)

    def _household_of_man(self, head: Member, kind: str) -> None:
        """Add a man's wife, or wives, and their children; a man without a wife may have children from before."""
        if kind != "couple":
            self._line(Member("spouse", "female", self._wife_age(head.age), "married"), head.age)
            return
        wife = self._add("spouse", "female", self._wife_age(head.age), "married")
        self._line(wife, head.age)
        if head.age > 35 and self._rng.random() < 0.016:
            self._second_wife(head)

    def _line(self, mother: Member, father: float) -> None:
        """Add the head's children; the elderly are seldom left alone, so some of theirs get a second chance to stay."""
        before = len(self._members)
        self._children(mother, father, "son_daughter")
        if father > 45 and len(self._members) == before and self._rng.random() < figures.SELDOM_ALONE:
            self._children(mother, father, "son_daughter")

    def _second_wife(self, head: Member) -> None:
        """Add a further wife, when she can be a generation older than every child of the head."""
        age = self._wife_age(head.age) - 3
        eldest = max((m.age for m in self._members if m.relation == "son_daughter"), default=0.0)
        if age >= max(eldest + GENERATION, 18.0):
            self._add("spouse", "female", age, "married")

    def _gap(self) -> float:
        """Return by how many years a husband is older than his wife."""
        return min(max(self._rng.gauss(4.4, 3.2), -3.0), 16.0)

    def _wife_age(self, husband: float) -> float:
        age = max(husband - self._gap(), MARRIAGE_AGE + self._rng.random())
        if age < 22 < husband and self._rng.random() < figures.MARRIED_LATER:
            return min(21 + 7 * self._rng.random(), max(22.0, husband))
        return age

    def _births(self, mother: float) -> list[float]:
        """Return the ages of the children that a woman of this age has had, the eldest first."""
        rng = self._rng
        count = int(_BORN.draw(rng) * self._parity + rng.random())
        at = max(17.0, rng.gauss(21.6, 3.4))
        until = min(mother, 46.0)
        ages = []
        while count > 0 and at < until:
            ages.append(mother - at)
            at += 1.1 + rng.expovariate(0.66)
            count -= 1
        return ages

    def _children(self, mother: Member, father: float, relation: str) -> None:
        """Add the children at home of a couple; sons of the head may have wives and children of their own."""
        rng = self._rng
        own = relation == "son_daughter"
        for age in self._births(mother.age):
            male = rng.random() < figures.BORN_MALE
            share = (self._sons if male else self._daughters)[int(age)]
            if not own and age >= 2:
                share = max(share, 0.93)
            if rng.random() >= share or father - age < GENERATION:
                continue
            mother.youngest = age
            child = self._add(relation, "male" if male else "female", age, "never_married")
            if own and age > 18:
                self._grown(child)

    def _grown(self, child: Member) -> None:
        """Marry a grown son, or mark a grown daughter who has come back."""
        rng = self._rng
        if child.sex == "female":
            if child.age > 22 and rng.random() < 0.022:
                child.marital = "widowed" if rng.random() < 0.3 else "divorced" if rng.random() < 0.6 else "separated"
        elif rng.random() < _SONS_MARRIED[int(child.age)]:
            child.marital = "married"
            wife = self._add("child_in_law", "female", self._wife_age(child.age), "married")
            self._children(wife, child.age, "grandchild")

    def _elders(self, head: Member) -> None:
        """Add the mother or father, or both, of a head who is young enough to have them."""
        rng = self._rng
        if head.age > 58 or rng.random() >= figures.KIN_PER_HOUSEHOLD["parent"] * self._extended:
            return
        mother = min(head.age + min(max(rng.gauss(23.5, 4.5), 17.0), 40.0), 92.0)
        father = min(mother + max(self._gap(), 0.0), 96.0)
        which = rng.random()
        if which < 0.72:
            self._add("parent", "female", mother, "married" if which < 0.30 else "widowed")
        if which < 0.30 or which >= 0.72:
            self._add("parent", "male", father, "married" if which < 0.30 else "widowed")

    def _siblings(self, head: Member) -> None:
        """Add brothers and sisters of the head, younger than any parent in the household by a generation."""
        rng = self._rng
        if head.age > 60:
            return
        oldest = min((m.age for m in self._members if m.relation == "parent"), default=200.0) - GENERATION
        youngest = max((m.age for m in self._members if m.relation == "parent" and m.sex == "female"), default=0.0) - 46
        while rng.random() < figures.KIN_PER_HOUSEHOLD["sibling"] * self._extended:
            age = head.age + rng.gauss(-5.0, 5.5)
            if max(4.0, youngest) <= age <= oldest:
                self._sibling(age)

    def _sibling(self, age: float) -> None:
        rng = self._rng
        male = rng.random() < 0.60
        chance = _SONS_MARRIED[int(age)]
        if male and age > 18 and rng.random() < chance * figures.BROTHERS_MARRIED:
            self._add("sibling", "male", age, "married")
            wife = self._add("sibling_in_law", "female", self._wife_age(age), "married")
            if rng.random() < figures.SIBLINGS_WITH_CHILDREN:
                self._children(wife, age, "nephew_niece")
        elif male or age < 22 or rng.random() < 0.85:
            if rng.random() > chance * (1.0 if not male else 0.5):
                self._add("sibling", "male" if male else "female", age, "never_married")
        else:
            sister = self._add("sibling", "female", age, "widowed" if rng.random() < 0.6 else "divorced")
            if rng.random() < figures.SIBLINGS_WITH_CHILDREN:
                self._children(sister, age + self._gap(), "nephew_niece")

    def _others(self) -> None:
        """Add other relatives, and people who are no relatives."""
        for relation in ("other_relative", "non_relative"):
            share = figures.KIN_PER_HOUSEHOLD[relation] * self._extended
            while self._rng.random() < share / (1 + share):
                self._other(relation)

    def _other(self, relation: str) -> None:
        rng = self._rng
        age = _OTHER_AGES.draw(rng) + 5 * rng.random()
        sex = "male" if rng.random() < (0.5 if relation == "other_relative" else 0.62) else "female"
        marital = "never_married"
        if age > 24 and rng.random() < 0.75:
            marital = "widowed" if age > 50 and sex == "female" else "married"
        self._add(relation, sex, age, marital)
