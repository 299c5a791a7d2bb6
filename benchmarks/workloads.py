"""The workloads: for each the GraphQL operation and the hand-written statement that answers the same.

W1 one person by CNIC with household and enrolments; W2 a page of 100 pregnant women of a district by score, with
household and enrolments; W3 a page of 1,000 of them in a province; W4 the enrolments of 500 CNICs;
W6 `crossCheck` of 500.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Variables = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workload:
    """One question, asked in both ways."""

    name: str
    meaning: str
    connections: int
    query: str
    json_sql: str
    """Answers with one column of JSON, made by PostgreSQL."""
    rows_sql: str
    """Answers with rows, which the bare line encodes with orjson."""
    shape: Callable[[list[Any]], Any]
    """Makes the answer out of the rows."""
    arguments: Callable[[Variables], list[Any]]
    nodes: Callable[[Any], Any]
    """Takes out of our answer what the bare line answers."""
    floor: float
    """The share of the better bare line that must be reached."""


_PERSON = (
    "name cnic sex ageYears household { id size score { value band } } enrolments { programme { code } status since }"
)
_PERSON_JSON = """
  p.name, p.cnic, p.sex, extract(year from age(current_date, p.birth_date))::int as "ageYears",
  (select h from (select h.id, h.size,
     (select s from (select s.value / 100.0 as value, s.band) s) as score) h) as household,
  (select coalesce(json_agg(e), '[]') from (
     select (select q from (select q.code) q) as programme, e.status, e.since
     from enrolment e join programme q on q.id = e.programme_id
     where e.person_id = p.id order by e.since, e.id) e) as enrolments
"""
_PERSON_ROWS = """
  p.name, p.cnic, p.sex, extract(year from age(current_date, p.birth_date))::int as age_years,
  h.id::text as household_id, h.size, s.value, s.band,
  (select array_agg(array[q.code, e.status, e.since::text] order by e.since, e.id)
     from enrolment e join programme q on q.id = e.programme_id where e.person_id = p.id) as enrolments
"""
_FROM = "person p join household h on h.id = p.household_id join score s on s.household_id = h.id"


def _enrolments(rows: list[list[str]] | None) -> list[Any]:
    return [{"programme": {"code": code}, "status": status, "since": since} for code, status, since in rows or ()]


def _person(row: Any) -> dict[str, Any]:
    return {
        "name": row[0],
        "cnic": row[1],
        "sex": row[2],
        "ageYears": row[3],
        "household": {
            "id": row[4],
            "size": row[5],
            "score": {"value": None if row[6] is None else row[6] / 100, "band": row[7]},
        },
        "enrolments": _enrolments(row[8]),
    }


W1 = Workload(
    name="W1",
    meaning="one person by CNIC with household and enrolments",
    connections=16,
    query=f"query W1($cnic: String!) {{ person(cnic: $cnic) {{ {_PERSON} }} }}",
    json_sql=f"select row_to_json(p) from (select {_PERSON_JSON} from {_FROM} where p.cnic = $1) p",
    rows_sql=f"select {_PERSON_ROWS} from {_FROM} where p.cnic = $1",
    shape=lambda rows: _person(rows[0]),
    arguments=lambda v: [v["cnic"]],
    nodes=lambda data: data["person"],
    floor=0.6,
)


def _page(name: str, meaning: str, connections: int, size: int, place: str) -> Workload:
    where = f"""
      where p.is_pregnant and p.{place} = (select id from region where code = $1) order by s.rank, p.id limit $2
    """
    return Workload(
        name=name,
        meaning=meaning,
        connections=connections,
        query=f"""query {name}($region: String!, $first: Int!) {{
          pregnantWomen(where: {{household: {{region: {{within: [$region]}}}}}}, first: $first,
                        orderBy: [{{household: {{score: {{value: ASC}}}}}}]) {{
            edges {{ node {{ {_PERSON} }} }} pageInfo {{ hasNextPage endCursor }}
          }} }}""",
        json_sql=f"select coalesce(json_agg(p), '[]') from (select {_PERSON_JSON} from {_FROM} {where}) p",
        rows_sql=f"select {_PERSON_ROWS} from {_FROM} {where}",
        shape=lambda rows: [_person(row) for row in rows],
        arguments=lambda v: [v["region"], size],
        nodes=lambda data: [edge["node"] for edge in data["pregnantWomen"]["edges"]],
        floor=0.85,
    )


W2 = _page("W2", "a page of 100 pregnant women of a district by score", 8, 100, "district_id")
W3 = _page("W3", "a page of 1,000 pregnant women of a province by score", 4, 1000, "province_id")

_ENROLMENTS_JSON = """(select coalesce(json_agg(e), '[]') from (
  select (select q from (select q.code) q) as programme, e.status, e.since
  from enrolment e join programme q on q.id = e.programme_id where {} order by e.since, e.id) e)"""
_ENROLMENTS_ROWS = """(select array_agg(array[q.code, e.status, e.since::text] order by e.since, e.id)
  from enrolment e join programme q on q.id = e.programme_id where {})"""

W4 = Workload(
    name="W4",
    meaning="the enrolments of 500 CNICs",
    connections=8,
    query="""query W4($cnics: [String!]!) {
      persons(where: {cnic: {in: $cnics}}, first: 500) {
        edges { node { cnic enrolments { programme { code } status since } } }
      } }""",
    json_sql=f"""select coalesce(json_agg(p), '[]') from (
      select p.cnic, {_ENROLMENTS_JSON.format("e.person_id = p.id")} as enrolments
      from person p where p.cnic = any($1) order by p.id) p""",
    rows_sql=f"""select p.cnic, {_ENROLMENTS_ROWS.format("e.person_id = p.id")}
      from person p where p.cnic = any($1) order by p.id""",
    shape=lambda rows: [{"cnic": cnic, "enrolments": _enrolments(enrolments)} for cnic, enrolments in rows],
    arguments=lambda v: [v["cnics"]],
    nodes=lambda data: [edge["node"] for edge in data["persons"]["edges"]],
    floor=0.85,
)

_HITS = """unnest($1::text[]) with ordinality i(cnic, position) left join lateral (
  select array_agg(id) as people, array_agg(household_id) as households from (
    select id, household_id from person where cnic = i.cnic
    union select id, household_id from person where bform_no = i.cnic) b) hit on true order by i.position"""
_OTHERS = "e.household_id = any(hit.households) and e.person_id <> all(hit.people)"
_STATUS = "case when hit.people is null then 'NO_VISIBLE_RECORD' else 'VISIBLE' end"

W6 = Workload(
    name="W6",
    meaning="crossCheck of 500 CNICs: the person's and the household's enrolments",
    connections=8,
    query="""query W6($cnics: [String!]!) {
      crossCheck(cnics: $cnics) {
        cnic status
        personEnrolments { programme { code } status since }
        householdEnrolments { programme { code } status since }
      } }""",
    json_sql=f"""select coalesce(json_agg(x), '[]') from (
      select i.cnic, {_STATUS} as status,
        {_ENROLMENTS_JSON.format("e.person_id = any(hit.people)")} as "personEnrolments",
        {_ENROLMENTS_JSON.format(_OTHERS)} as "householdEnrolments"
      from {_HITS}) x""",
    rows_sql=f"""select i.cnic, {_STATUS}, {_ENROLMENTS_ROWS.format("e.person_id = any(hit.people)")},
      {_ENROLMENTS_ROWS.format(_OTHERS)} from {_HITS}""",
    shape=lambda rows: [
        {
            "cnic": cnic,
            "status": status,
            "personEnrolments": _enrolments(own),
            "householdEnrolments": _enrolments(others),
        }
        for cnic, status, own, others in rows
    ],
    arguments=lambda v: [v["cnics"]],
    nodes=lambda data: data["crossCheck"],
    floor=0.85,
)

ALL = {workload.name: workload for workload in (W1, W2, W3, W4, W6)}
