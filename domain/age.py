"""When somebody reaches an age, as SQL over the date of birth. Scoring and eligibility share it.

A person born on 29 February reaches a year of age on 28 February of a common year, and somebody born on the 31st
reaches a month of age on the last day of a shorter month: that is PostgreSQL's interval arithmetic.
"""

from datetime import date

from sqlalchemy import ColumnElement, Date, Integer, Interval, and_, cast, func, literal, literal_column

from domain.person import Person


def plus_years(day: ColumnElement[date], years: int | ColumnElement[int]) -> ColumnElement[date]:
    """Return the same day `years` later."""
    return cast(day + func.make_interval(_integer(years), type_=Interval), Date)


def plus_months(day: ColumnElement[date], months: int | ColumnElement[int]) -> ColumnElement[date]:
    """Return the same day `months` later, or the last day of that month when it is shorter."""
    return cast(day + func.make_interval(0, _integer(months), type_=Interval), Date)


def birthday(years: int | ColumnElement[int]) -> ColumnElement[date]:
    """Return the day on which the person completes `years` years of age."""
    return plus_years(Person.birth_date.expression, years)


def completed_months(birth_date: ColumnElement[date]) -> ColumnElement[int]:
    """Return the age in completed months today."""
    return func.completed_months(birth_date, func.current_date(), type_=Integer)


def younger_than(years: int, birth_date: ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition that `years` years of age are not completed today, as a range that an index answers.

    Who was born on 29 February completes them on 28 February of a common year: only the next day's date tells that.
    """
    today, span = func.current_date(), literal_column(f"interval '{years} years'", Interval)
    return and_(birth_date > today - span, birth_date >= today + literal_column("1", Integer) - span)


def _integer(number: int | ColumnElement[int]) -> ColumnElement[int]:
    return literal(number, Integer) if isinstance(number, int) else number
