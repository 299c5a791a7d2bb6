"""Ages: one reckoning for what is shown, for what is filtered and for what programme rules say."""

from sqlalchemy import Engine, literal_column, select, text

from domain.age import plus_months, plus_years
from domain.person import Person

BIRTHS = "generate_series(date '2019-01-01', date '2024-12-31', interval '1 day') as birth"
DAYS = "generate_series(date '2024-02-25', date '2026-03-05', interval '1 day') as day"


def test_months_are_completed_on_their_day_or_on_the_last_of_a_shorter_month(engine: Engine) -> None:
    """For every birth and day, `completed_months` is the number of months that rules hold completed on that day."""
    count = text(
        f"""
        select count(*), count(*) filter (where birth + make_interval(0, months) > day
                                             or birth + make_interval(0, months + 1) <= day
                                             or birth + make_interval(months / 12) > day
                                             or birth + make_interval(months / 12 + 1) <= day)
        from (select birth, day, completed_months(birth::date, day::date) as months
              from {BIRTHS}, {DAYS} where birth <= day) as ages
        """
    )
    with engine.connect() as connection:
        assert tuple(connection.execute(count).one()) == (1_573_875, 0)


def test_an_age_is_reached_where_the_shorter_month_ends(engine: Engine) -> None:
    """Born on 29 February, two on the 28th; born on the 31st, a month old on the 30th; the days before, not yet."""
    with engine.connect() as connection:
        leap, late = (literal_column(f"date '{day}'", Person.birth_date.type) for day in ("2024-02-29", "2026-10-31"))
        assert str(connection.scalar(select(plus_years(leap, 2)))) == "2026-02-28"
        assert str(connection.scalar(select(plus_months(late, 1)))) == "2026-11-30"
        months = "select completed_months('2024-02-29', '2026-02-28'), completed_months('2026-10-31', '2026-11-30')"
        assert tuple(connection.execute(text(months)).one()) == (24, 1)
        before = "select completed_months('2024-02-29', '2026-02-27'), completed_months('2026-10-31', '2026-11-29')"
        assert tuple(connection.execute(text(before)).one()) == (23, 0)


def test_the_range_of_an_age_is_the_age(engine: Engine) -> None:
    """On every day the two bounds by which an index finds children under two let through exactly these children."""
    bounds = "birth > day - interval '2 years' and birth >= day + interval '1 day' - interval '2 years'"
    count = text(
        f"select count(*) from {BIRTHS}, {DAYS} "
        f"where birth <= day and ({bounds}) <> (completed_months(birth::date, day::date) < 24)"
    )
    with engine.connect() as connection:
        assert connection.scalar(count) == 0
