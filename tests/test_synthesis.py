"""What is true of a synthetic survey: it is repeatable, its families make sense, and it looks like the census."""

import csv
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import phonenumbers
import pyarrow.parquet as pq
import pytest

from domain import codes
from domain.intake.form import HOUSEHOLD_COLUMNS, PERSON_COLUMNS
from server.synthesis import synthesise
from server.synthesis.figures import CENSUS_AGES, PROVINCES

ROOT = Path(__file__).parent.parent
SURVEYED_TO = date(2026, 6, 30)
PREFIXES = {"PB": 0, "SD": 1, "KP": 2, "BA": 3, "IS": 4}
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@dataclass
class Person:
    """A person's row, with age in completed years on the day of the survey and the date of birth."""

    row: Row
    age: int
    born: date

    def __getitem__(self, column: str) -> str:
        return self.row[column]


class Survey:
    """A survey read back: the households' rows, each household's people, the head first, and all people."""

    def __init__(self, households: list[Row], families: dict[str, list[Person]]) -> None:
        self.households, self.families = households, families
        self.people = [person for family in families.values() for person in family]

    def of(self, province: str) -> "Survey":
        """The part of the survey in the province with this code."""
        households = [row for row in self.households if row["region_code"].startswith(province)]
        return Survey(households, {row["form_no"]: self.families[row["form_no"]] for row in households})


def load(folder: Path) -> Survey:
    """Read a survey without planted faults."""
    households = read(folder / "households.csv")
    surveyed = {row["form_no"]: date.fromisoformat(row["surveyed_on"]) for row in households}
    families: dict[str, list[Person]] = defaultdict(list)
    for row in read(folder / "persons.csv"):
        born, day = date.fromisoformat(row["birth_date"]), surveyed[row["form_no"]]
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        families[row["form_no"]].append(Person(row, age, born))
    return Survey(households, families)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """Two thousand households, for what must hold in each of them."""
    folder = tmp_path_factory.mktemp("small")
    synthesise(folder, 2000, 5, surveyed_to=SURVEYED_TO)
    return load(folder)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """Twelve thousand households, for shares."""
    folder = tmp_path_factory.mktemp("large")
    synthesise(folder, 12_000, 11, surveyed_to=SURVEYED_TO)
    return load(folder)


def share(people: Iterable[object], holds: Callable[..., bool]) -> float:
    """Return the per cent of these for whom something holds."""
    answers = [holds(one) for one in people]
    return 100 * sum(answers) / len(answers)


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """The same arguments give the same bytes, whatever the seed of Python's hashes; another seed gives others."""
    code = "import sys; from datetime import date; from pathlib import Path; from server.synthesis import synthesise;"
    code += "synthesise(Path(sys.argv[1]), 60, int(sys.argv[2]), surveyed_to=date(2026, 6, 30), defects=0.5)"
    for name, seed, hashes in (("one", "1", "0"), ("again", "1", "4711"), ("two", "2", "0")):
        environment = os.environ | {"PYTHONHASHSEED": hashes}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name), seed], check=True, env=environment, cwd=ROOT)
    for file in ("households.csv", "persons.csv", "planted.csv"):
        one, again, two = ((tmp_path / name / file).read_bytes() for name in ("one", "again", "two"))
        assert one == again != two


def test_progress_and_summary(tmp_path: Path) -> None:
    """Progress is told batch by batch, the summary counts what is in the files, and nonsense is refused."""
    told: list[int] = []
    summary = synthesise(tmp_path, 1500, 3, surveyed_to=SURVEYED_TO, progress=told.append)
    assert told == [1000, 1500]
    assert (summary.households, summary.planted) == (1500, 0)
    assert summary.persons == len(read(tmp_path / "persons.csv"))
    assert not (tmp_path / "planted.csv").exists()
    with pytest.raises(ValueError, match="0 households"):
        synthesise(tmp_path, 0, 1, surveyed_to=SURVEYED_TO)
    with pytest.raises(ValueError, match=r"1\.5 defects"):
        synthesise(tmp_path, 10, 1, surveyed_to=SURVEYED_TO, defects=1.5)


def test_parquet_holds_the_same(tmp_path: Path) -> None:
    """The Parquet form has the same rows as the CSV form; what is empty there is null here."""
    synthesise(tmp_path / "csv", 100, 3, surveyed_to=SURVEYED_TO)
    synthesise(tmp_path / "parquet", 100, 3, surveyed_to=SURVEYED_TO, form="parquet")
    for name in ("households", "persons"):
        rows = pq.read_table(tmp_path / f"parquet/{name}.parquet").to_pylist()
        assert [{key: value or "" for key, value in row.items()} for row in rows] == read(tmp_path / f"csv/{name}.csv")
        assert not (tmp_path / f"parquet/{name}.csv").exists()


def test_columns_are_the_form(small: Survey) -> None:
    """The files have exactly the columns of the intake format, in its order."""
    assert tuple(small.households[0]) == HOUSEHOLD_COLUMNS
    assert tuple(small.people[0].row) == PERSON_COLUMNS


def test_words_are_known(small: Survey) -> None:
    """Every coded answer is a word of its vocabulary, in lower case."""
    words = {column: {"true", "false"} for column in ("tv", "car", "is_pregnant", "attending_school")}
    for kind in codes.Code.__subclasses__():
        column = re.sub("(?<!^)([A-Z])", r"_\1", kind.__name__).lower().removeprefix("survey_")
        words[column] = {word.lower() for word in kind.__members__}
    assert len(words.keys() & {*HOUSEHOLD_COLUMNS, *PERSON_COLUMNS}) == 4 + 13
    for row in [*small.households, *(person.row for person in small.people)]:
        assert all(row[column] in words[column] for column in words.keys() & row.keys() if row[column])


def test_forms_and_lines(small: Survey) -> None:
    """Form numbers are unique and tell the seed; lines count from one, and the head is on the first."""
    forms = [row["form_no"] for row in small.households]
    assert forms[0] == "S5-00000001"
    assert len(set(forms)) == len(forms) == len(small.families)
    for family in small.families.values():
        assert [person["line_no"] for person in family] == [str(line) for line in range(1, len(family) + 1)]
        assert [person["relation_to_head"] == "head" for person in family] == [True] + [False] * (len(family) - 1)


def test_days(small: Survey) -> None:
    """Interviews fill the three years up to the last day; desks came late."""
    days = [(SURVEYED_TO - date.fromisoformat(row["surveyed_on"])).days for row in small.households]
    assert min(days) >= 0
    assert 1000 < max(days) <= 1095
    desks = [day for day, row in zip(days, small.households, strict=True) if row["source"] == "desk"]
    assert 5 < 100 * len(desks) / len(days) < 30
    assert max(desks) < 540


def test_no_number_can_name_a_citizen(large: Survey) -> None:
    """Every identity number begins with 9, has the written form, is unique, and ends as its holder's sex does."""
    people = [person for person in large.people if person["cnic"] or person["bform_no"]]
    numbers = [person["cnic"] or person["bform_no"] for person in people]
    assert len(set(numbers)) == len(numbers)
    for person, number in zip(people, numbers, strict=True):
        assert re.fullmatch(r"9\d{4}-\d{7}-\d", number)
        if person["sex"] != "transgender":
            assert int(number[-1]) % 2 == (person["sex"] == "male")


def test_cnic_from_eighteen(large: Survey) -> None:
    """Adults have a CNIC, 98.3 % of them and fewer women than men; those under 18 a B-Form number, not all of them."""
    adults = [person for person in large.people if person.age >= 18]
    minors = [person for person in large.people if person.age < 18]
    assert not any(person["bform_no"] for person in adults)
    assert not any(person["cnic"] for person in minors)
    men, women = ([p for p in adults if p["sex"] == sex] for sex in ("male", "female"))
    assert share(women, lambda p: bool(p["cnic"])) < share(men, lambda p: bool(p["cnic"]))
    assert share(adults, lambda p: bool(p["cnic"])) == pytest.approx(98.3, abs=0.5)
    assert 70 < share(minors, lambda p: bool(p["bform_no"])) < 90


def test_mobile_numbers(small: Survey) -> None:
    """Nine households in ten give a mobile number, in the national form; each is valid, few are given twice."""
    mobiles = [row["mobile"] for row in small.households if row["mobile"]]
    assert 87 < 100 * len(mobiles) / len(small.households) < 93
    assert 0 < len(mobiles) - len(set(mobiles)) < 30
    for mobile in mobiles:
        assert re.fullmatch(r"03\d\d-\d{7}", mobile)
        assert phonenumbers.is_valid_number(phonenumbers.parse(mobile, "PK"))


def those(family: list[Person], *relations: str) -> list[Person]:
    """Return the members of a family with one of these relations to the head."""
    return [person for person in family if person["relation_to_head"] in relations]


def older_by_a_generation(elders: Iterable[Person], children: list[Person]) -> bool:
    """Tell whether each elder was born fifteen years or more before every child."""
    return all((child.born - elder.born).days >= 15 * 365.25 for elder in elders for child in children)


def test_spouses(small: Survey) -> None:
    """Spouses are married and of the other sex than the head; a woman has one at most, few men have two."""
    several = 0
    for head, *others in small.families.values():
        spouses = those(others, "spouse")
        assert all(s["marital_status"] == head["marital_status"] == "married" for s in spouses)
        assert all(s["sex"] != head["sex"] for s in spouses)
        assert len(spouses) <= (2 if head["sex"] == "male" else 1)
        several += len(spouses) > 1
    assert several < 0.02 * len(small.families)


def test_parents_are_a_generation_older(small: Survey) -> None:
    """Fifteen years or more lie between parents and children: head and child, parent and head, child and grandchild."""
    for family in small.families.values():
        couple = those(family, "head", "spouse")
        assert older_by_a_generation(couple, those(family, "son_daughter"))
        assert older_by_a_generation(those(family, "parent"), those(family, "head", "sibling"))
        assert older_by_a_generation(couple[:1], those(family, "grandchild"))


def test_married_in(small: Survey) -> None:
    """A daughter-in-law has a married son, a sister-in-law a married brother, a grandchild a mother."""
    for family in small.families.values():
        for in_law, kin in (("child_in_law", "son_daughter"), ("sibling_in_law", "sibling")):
            wives = those(family, in_law)
            husbands = [p for p in those(family, kin) if p["marital_status"] == "married" and p["sex"] == "male"]
            assert len(wives) == len(husbands)
            assert all(wife["sex"] == "female" and wife["marital_status"] == "married" for wife in wives)
        for child in those(family, "grandchild"):
            assert any(older_by_a_generation([wife], [child]) for wife in those(family, "child_in_law"))


def test_nobody_marries_as_a_child(large: Survey) -> None:
    """Nobody under fifteen is or was married, no head is a minor, and nobody is older than a hundred."""
    assert all(p["marital_status"] == "never_married" for p in large.people if p.age < 15)
    assert min(family[0].age for family in large.families.values()) >= 18
    assert max(p.age for p in large.people) <= 100


def test_mothers(large: Survey) -> None:
    """Only women of 15 to 49 are asked; the pregnant expect within nine months, nursing women have a small child."""
    for row in large.households:
        family = large.families[row["form_no"]]
        surveyed = date.fromisoformat(row["surveyed_on"])
        for person in family:
            asked = person["sex"] == "female" and 15 <= person.age < 50
            assert (bool(person["is_pregnant"]) == asked) or person.age in (14, 15, 49, 50)
            assert bool(person["is_pregnant"]) == bool(person["is_lactating"])
            assert bool(person["expected_delivery"]) == (person["is_pregnant"] == "true")
            if person["expected_delivery"]:
                assert 0 < (date.fromisoformat(person["expected_delivery"]) - surveyed).days <= 280
            if person["is_lactating"] == "true":
                assert min(member.age for member in family) <= 2


def test_answers_fit_ages(small: Survey) -> None:
    """Schooling is asked from five, work from ten; no level is reached before its age, and an occupation needs work."""
    youngest = {"primary": 9, "middle": 12, "matric": 14, "intermediate": 17, "bachelor": 20, "postgraduate": 22}
    for person in small.people:
        assert person.age >= youngest.get(person["education_level"], 0)
        assert bool(person["occupation"]) == bool(person["elementary_occupation"])
        assert person["employment_status"] == "" or person.age >= 9
        assert bool(person["disability_domain"]) == bool(person["disability_severity"])


@pytest.mark.parametrize(
    ("prefix", "tolerance", "under_two", "women"),
    [("PB", 2.0, 4.97, 24.1), ("SD", 2.6, 4.96, 22.8), ("KP", 3.2, 4.79, 23.2), ("BA", 5.0, 5.97, 21.0)],
)
def test_provinces_of_the_census(large: Survey, prefix: str, tolerance: float, under_two: float, women: float) -> None:
    """The larger provinces have the census's households, their size and housing, literacy, disability and mothers."""
    part, figures = large.of(prefix), PROVINCES[PREFIXES[prefix]]
    people, households = part.people, part.households
    found = 100 * len(households) / len(large.households)
    assert found == pytest.approx(100 * figures.households / sum(p.households for p in PROVINCES), abs=1)
    assert len(people) / len(households) == pytest.approx(figures.size, rel=0.05)
    assert share(households, lambda h: h["rooms"] == "1") == pytest.approx(100 * figures.one_room, abs=tolerance)
    assert share(households, lambda h: h["toilet"] == "none") == pytest.approx(100 * figures.no_toilet, abs=tolerance)
    lit = share(households, lambda h: h["lighting"] == "electricity")
    assert lit == pytest.approx(100 * figures.electricity, abs=tolerance)
    disabled = share(people, lambda p: p["disability_severity"] in ("a_lot", "cannot_do"))
    assert disabled == pytest.approx(100 * figures.disability, abs=tolerance / 4)
    for sex, literate in (("male", figures.literate_men), ("female", figures.literate_women)):
        asked = [p for p in people if p["sex"] == sex and p.age >= 10]
        reads = share(asked, lambda p: p["education_level"] != "none" or p["attending_school"] == "true")
        assert reads == pytest.approx(100 * literate, abs=tolerance), sex
    assert share(people, lambda p: p.age < 2) == pytest.approx(under_two, abs=1)
    assert share(people, lambda p: p["sex"] == "female" and 15 <= p.age < 50) == pytest.approx(women, abs=2.5)


def test_ages_of_the_census(large: Survey) -> None:
    """Each band of age has the census's share, to half a point; 51.5 % are male, a handful of people transgender."""
    bands = list(CENSUS_AGES)
    for first, after in zip(bands, [*bands[1:], 200], strict=True):
        found = share(large.people, lambda p, first=first, after=after: first <= p.age < after)
        assert found == pytest.approx(CENSUS_AGES[first], abs=0.5), first
    assert share(large.people, lambda p: p["sex"] == "male") == pytest.approx(51.5, abs=1)
    assert 1 <= sum(p["sex"] == "transgender" for p in large.people) <= 16


def test_relations_of_the_census(large: Survey) -> None:
    """Relations to the head have the census's shares; children are a little too many, and grandchildren too few."""
    census = {"head": (15.9, 0.4), "spouse": (14.0, 0.7), "son_daughter": (47.7, 2.5), "grandchild": (6.8, 2.2)}
    census |= {"sibling": (3.5, 0.4), "child_in_law": (3.4, 0.4), "nephew_niece": (2.7, 0.4), "parent": (2.1, 0.3)}
    census |= {"sibling_in_law": (1.0, 0.3), "other_relative": (1.7, 0.3), "non_relative": (1.2, 0.3)}
    found = Counter(person["relation_to_head"] for person in large.people)
    for relation, (expected, tolerance) in census.items():
        assert 100 * found[relation] / found.total() == pytest.approx(expected, abs=tolerance), relation
    heads = [family[0] for family in large.families.values()]
    assert share(heads, lambda p: p["sex"] == "female") == pytest.approx(5.9, abs=0.8)


def test_marriage_of_women(large: Survey) -> None:
    """Women marry at the census's ages, to five points; as many are widowed and divorced; 8 % of 15-49 are pregnant."""
    women = [p for p in large.people if p["sex"] == "female" and p.age >= 15]
    for first, expected in ((15, 14.9), (20, 55.3), (25, 80.4), (30, 90.3)):
        band = [p for p in women if first <= p.age < first + 5]
        assert share(band, lambda p: p["marital_status"] == "married") == pytest.approx(expected, abs=5), first
    found = Counter(p["marital_status"] for p in women)
    census = {"married": (68.5, 2), "never_married": (25.1, 2), "widowed": (5.8, 1.2), "divorced": (0.5, 0.4)}
    for status, (expected, tolerance) in census.items():
        assert 100 * found[status] / len(women) == pytest.approx(expected, abs=tolerance), status
    asked = [p for p in women if p.age < 50]
    pregnant = [p for p in asked if p["is_pregnant"] == "true"]
    assert 100 * len(pregnant) / len(asked) == pytest.approx(8, abs=0.8)
    assert share(pregnant, lambda p: p["marital_status"] == "married") > 99


def test_schools_belongings_and_disability(large: Survey) -> None:
    """35 % of those of 5-16 attend no school (25 of 71 million); things are as frequent as published; walking leads."""
    children = [p for p in large.people if 5 <= p.age <= 16]
    assert share(children, lambda p: p["attending_school"] != "true") == pytest.approx(35, abs=2.5)
    for asset, expected in (("motorcycle", 59), ("tv", 60), ("car", 6)):
        found = share(large.households, lambda row, asset=asset: row[asset] == "true")
        assert found == pytest.approx(expected, abs=2), asset
    domains = Counter(p["disability_domain"] for p in large.people if p["disability_domain"])
    assert domains.most_common(1)[0][0] == "walking"


def demonstration_score(row: Row, family: list[Person]) -> int:
    """Score a household by Schreiner's scorecard for Pakistan (2009), which is published: 0-100, lower is poorer."""
    province = {"BA": 0, "SD": 11, "PB": 12, "IS": 12}.get(row["region_code"][:2], 9)
    young = (31, 22, 15, 11, 6, 0)[min(sum(p.age <= 13 for p in family), 5)]
    school = 5 * all(p["attending_school"] == "true" for p in family if 5 <= p.age <= 13)
    labour = (12, 5, 0)[min(sum(p["elementary_occupation"] == "true" for p in family), 2)]
    women = [p for p in those(family, "head", "spouse") if p["sex"] == "female"]
    learned = 4 if not women else 6 * any(p["education_level"] != "none" for p in women)
    water = 3 * (row["water_source"] in ("hand_pump", "closed_well", "motor_pump", "piped"))
    toilet = {"flush_sewer": 4, "flush_pit": 2, "flush_open_drain": 2}.get(row["toilet"], 0)
    vehicle = 12 * any(row[vehicle] == "true" for vehicle in ("motorcycle", "car", "tractor"))
    things = 12 * (row["refrigerator"] == "true") + 3 * (row["tv"] == "true") + vehicle
    return province + young + school + labour + learned + water + toilet + things


def test_scores_spread(large: Survey) -> None:
    """Roughly a quarter of the households score 32 or less, more so in Balochistan, and the scores spread widely."""
    scores = {row["form_no"]: demonstration_score(row, large.families[row["form_no"]]) for row in large.households}
    poor = share(scores.values(), lambda score: score <= 32)
    assert 20 < poor < 30
    assert share((scores[row["form_no"]] for row in large.of("BA").households), lambda score: score <= 32) > poor + 10
    assert min(scores.values()) < 10
    assert max(scores.values()) > 90


def test_income_follows_wealth(large: Survey) -> None:
    """Households with a car earn, in the middle, at least half as much again as those without."""
    told = [row for row in large.households if row["monthly_income"]]
    rich, poor = ([int(row["monthly_income"]) for row in told if row["car"] == car] for car in ("true", "false"))
    assert median(rich) > 1.5 * median(poor)
    assert 30_000 < median(poor) < 50_000


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey in which a third of the households have a fault."""
    folder = tmp_path_factory.mktemp("faulty")
    synthesise(folder, 2000, 5, surveyed_to=SURVEYED_TO, defects=0.33)
    return folder


def test_planted_names_what_is_in_the_data(faulty: Path) -> None:
    """Each line of the list leads to a row of the files, at most one per household, and every kind occurs."""
    planted = read(faulty / "planted.csv")
    forms = {row["form_no"] for row in read(faulty / "households.csv")}
    lines = {(row["form_no"], row["line_no"]) for row in read(faulty / "persons.csv")}
    assert 600 < len(planted) < 720
    assert len({row["form_no"].removesuffix("-X") for row in planted}) == len(planted)
    assert len({row["kind"] for row in planted}) == 16
    for row in planted:
        assert row["column"] in (HOUSEHOLD_COLUMNS + PERSON_COLUMNS)
        assert row["expected"] == ("warning" if row["kind"] == "parity_contradicts_sex" else "rejected")
        assert (row["form_no"], row["line_no"]) in lines if row["line_no"] else row["form_no"] in forms


def test_faults_are_faults(faulty: Path) -> None:
    """What the list calls a fault is one, in the value that it points at."""
    households = {row["form_no"]: row for row in read(faulty / "households.csv")}
    persons = {(row["form_no"], row["line_no"]): row for row in read(faulty / "persons.csv")}
    forms = Counter(row["form_no"] for row in read(faulty / "households.csv"))
    lines = Counter((row["form_no"], row["line_no"]) for row in read(faulty / "persons.csv"))
    cnics = Counter(row["cnic"] for row in persons.values())
    heads = Counter(form for (form, _), row in persons.items() if row["relation_to_head"] == "head")
    words = {word.lower() for kind in codes.Code.__subclasses__() for word in kind.__members__}
    checks: dict[str, Callable[[Row, str], bool]] = {
        "malformed_cnic": lambda at, value: not re.fullmatch(r"\d{5}-\d{7}-\d", value),
        "repeated_cnic": lambda at, value: cnics[value] > 1,
        "cnic_begins_with_0": lambda at, value: value[0] == "0",
        "parity_contradicts_sex": lambda at, value: int(value[-1]) % 2 == (at["sex"] == "female"),
        "no_head": lambda at, value: heads[at["form_no"]] == 0,
        "two_heads": lambda at, value: heads[at["form_no"]] == 2,
        "unknown_region": lambda at, value: value == "ZZ-999-99",
        "malformed_date": lambda at, value: not re.fullmatch(r"\d{4}-\d\d-\d\d", value) or value == "2019-02-30",
        "future_birth": lambda at, value: date.fromisoformat(value) > SURVEYED_TO,
        "unknown_word": lambda at, value: value not in words,
        "malformed_mobile": lambda at, value: not re.fullmatch(r"03\d\d-\d{7}", value),
        "negative_number": lambda at, value: int(value) < 0,
        "missing_value": lambda at, value: value == "",
        "person_without_form": lambda at, value: at["form_no"] not in forms,
        "repeated_form": lambda at, value: forms[value] == 2,
        "repeated_line": lambda at, value: lines[at["form_no"], at["line_no"]] == 2,
    }
    for at in read(faulty / "planted.csv"):
        row = persons[at["form_no"], at["line_no"]] if at["line_no"] else households[at["form_no"]]
        assert checks[at["kind"]](row, row.get(at["column"], "")), at


def test_faults_leave_the_others_alone(small: Survey, faulty: Path) -> None:
    """A household without a fault is, line by line, the one that the same survey has without faults."""
    spoilt = {row["form_no"].removesuffix("-X") for row in read(faulty / "planted.csv")}
    kept = [row for row in read(faulty / "households.csv") if row["form_no"] not in spoilt]
    assert kept == [row for row in small.households if row["form_no"] not in spoilt]
    people = [row for row in read(faulty / "persons.csv") if row["form_no"].removesuffix("-X") not in spoilt]
    assert people == [person.row for person in small.people if person["form_no"] not in spoilt]
