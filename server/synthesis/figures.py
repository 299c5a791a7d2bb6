"""Every figure the synthetic population is calibrated to, with its source. Only `server.synthesis` reads it.

*Census 2023* is Pakistan's seventh population and housing census, from its published tables. *Estimate* is ours:
plausible, not published, and chosen so that the published figures come out. *Fitted* means solved for: the value at
which the finished population shows the census figures it is named after. Shares are of 1 unless a line says otherwise.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Province:
    """What distinguishes the households of one province or region."""

    name: str
    words: tuple[str, ...]
    """A regions file names this province when the name holds one of these words (lower case)."""
    households: float
    """Millions of households (Census 2023; Gilgit-Baltistan and Azad Jammu and Kashmir: estimate)."""
    size: float
    """Mean members of a household (Census 2023); reached through `parity` and `extended`."""
    rural: float
    """Share of people who live on the land (Census 2023), taken as the share of households."""
    literate_men: float
    """Share of males aged 10 and over who can read and write (Census 2023)."""
    literate_women: float
    """The same of females."""
    one_room: float
    """Share of households with a single room (Census 2023)."""
    no_toilet: float
    """Share of households without a toilet (Census 2023)."""
    electricity: float
    """Share of households whose light is electric (Census 2023)."""
    disability: float
    """Share of people with a lot of difficulty, or unable, in at least one domain (Census 2023)."""
    out_of_school: float
    """Share of those aged 5-16 who attend no school (estimate; together the 25 million that are published)."""
    means: float
    """How far the province's wealth lies from the nation's, in standard deviations (estimate)."""
    parity: float
    """Fitted to the mean household size: factor on the number of children a couple has."""
    extended: float
    """Fitted to the mean household size: factor on siblings, parents and other kin in the household."""
    infants: float
    """Fitted to the share of people under two: factor on the infants found at home."""
    south: float
    north: float
    west: float
    east: float
    """A box that lies inside or about the province, in degrees; districts are strewn over it (estimate)."""


# fmt: off
PROVINCES = (
    Province(
        name="Punjab", words=("punjab",),
        households=19.86, size=6.43, rural=0.593, literate_men=0.72, literate_women=0.60,
        one_room=0.242, no_toilet=0.095, electricity=0.950, disability=0.0350, out_of_school=0.29,
        means=0.10, parity=1.72, extended=1.43, infants=1.39, south=29.0, north=33.2, west=70.8, east=74.2,
    ),
    Province(
        name="Sindh", words=("sindh",),
        households=9.87, size=5.64, rural=0.463, literate_men=0.65, literate_women=0.50,
        one_room=0.497, no_toilet=0.190, electricity=0.705, disability=0.0231, out_of_school=0.44,
        means=-0.12, parity=1.24, extended=1.15, infants=1.57, south=24.6, north=28.2, west=67.4, east=69.6,
    ),
    Province(
        name="Khyber Pakhtunkhwa", words=("khyber", "pakhtunkhwa", "kpk"),
        households=5.88, size=6.94, rural=0.850, literate_men=0.65, literate_women=0.37,
        one_room=0.274, no_toilet=0.100, electricity=0.801, disability=0.0316, out_of_school=0.36,
        means=-0.10, parity=2.19, extended=1.69, infants=1.24, south=32.4, north=35.6, west=70.8, east=73.0,
    ),
    Province(
        name="Balochistan", words=("balochistan", "baluchistan"),
        households=2.32, size=6.42, rural=0.690, literate_men=0.50, literate_women=0.31,
        one_room=0.331, no_toilet=0.236, electricity=0.564, disability=0.0207, out_of_school=0.58,
        means=-0.50, parity=1.65, extended=1.40, infants=1.68, south=26.2, north=31.0, west=63.0, east=69.0,
    ),
    Province(
        name="Islamabad", words=("islamabad", "capital"),
        households=0.41, size=5.74, rural=0.531, literate_men=0.88, literate_women=0.79,
        one_room=0.081, no_toilet=0.010, electricity=0.967, disability=0.0320, out_of_school=0.14,
        means=0.70, parity=1.32, extended=1.21, infants=0.97, south=33.6, north=33.8, west=72.9, east=73.3,
    ),
    # Not in the census table we have: few households, and the figures of Khyber Pakhtunkhwa for all the rest.
    Province(
        name="Gilgit-Baltistan", words=("gilgit", "baltistan"),
        households=0.22, size=6.94, rural=0.850, literate_men=0.65, literate_women=0.37,
        one_room=0.274, no_toilet=0.100, electricity=0.801, disability=0.0316, out_of_school=0.36,
        means=-0.10, parity=2.19, extended=1.69, infants=1.24, south=35.2, north=36.6, west=73.5, east=76.0,
    ),
    Province(
        name="Azad Jammu and Kashmir", words=("kashmir", "ajk"),
        households=0.66, size=6.94, rural=0.850, literate_men=0.65, literate_women=0.37,
        one_room=0.274, no_toilet=0.100, electricity=0.801, disability=0.0316, out_of_school=0.36,
        means=-0.10, parity=2.19, extended=1.69, infants=1.24, south=33.0, north=34.8, west=73.5, east=74.2,
    ),
)
"""The seven provinces and regions. Gilgit-Baltistan and Azad Jammu and Kashmir borrow Khyber Pakhtunkhwa's figures."""

CENSUS_AGES = {0: 2.16, 1: 2.82, 2: 10.19, 5: 13.42, 10: 11.97, 15: 10.05, 20: 8.51, 25: 7.47, 30: 6.55, 35: 5.97,
               40: 5.21, 45: 4.04, 50: 3.35, 55: 2.66, 60: 2.07, 65: 3.55}
"""Per cent of people in each band of age, by its first year (Census 2023)."""

HEAD_KINDS = {
    "couple": 0.889, "widower": 0.026, "bachelor": 0.021, "divorced_man": 0.005,
    "widow": 0.027, "wife_alone": 0.026, "divorced_woman": 0.004, "spinster": 0.002,
}
"""Who heads a household: 5.9 % of heads are female, 14.0 spouses to 15.9 heads (Census 2023); the split: estimate."""

HEAD_AGES = {18: 0.3, 20: 1.2, 25: 6.0, 30: 11.9, 35: 19.2, 40: 15.9, 45: 13.0, 50: 9.3, 55: 8.8, 60: 5.3, 65: 4.0,
             70: 2.8, 75: 1.6}
"""Weight of each band of head's age, by its first year (fitted to the census ages)."""

AT_HOME_BANDS = (0, 1, 2, 5, 10, 15, 20, 25, 30, 35, 40)
"""First year of age of each band of `SONS_AT_HOME` and `DAUGHTERS_AT_HOME`."""

SELDOM_ALONE = 0.9
"""Share of elderly heads whose children would all have left who get a second draw of them (estimate)."""

SONS_AT_HOME = (0.452, 0.584, 0.97, 0.777, 0.784, 0.751, 0.707, 0.552, 0.30, 0.02, 0.03)
"""Share of a couple's sons found in its household, by band of age (fitted to the census ages)."""

DAUGHTERS_AT_HOME = (0.452, 0.584, 0.97, 0.777, 0.784, 0.636, 0.281, 0.106, 0.019, 0.01, 0.01)
"""The same for daughters, who leave when they marry (fitted to the census ages and the share of women married)."""

SONS_MARRIED = (0.0, 0.0, 0.0, 0.0, 0.0, 0.02, 0.25, 0.70, 0.79, 0.88, 0.9)
"""Share of the sons at home who are married, their wives with them, by the same bands (fitted to children-in-law)."""

BROTHERS_MARRIED = 0.375
"""How likely, against a son of that age, a brother of the head who lives with him is to be married (fitted)."""

SIBLINGS_WITH_CHILDREN = 0.49
"""Share of the head's married siblings whose children live with them (fitted to the nephews and nieces)."""

MARRIED_LATER = 0.695
"""Share of wives under 22 who are made to be in their twenties (fitted to the women of 15-24 who are married)."""

CHILDREN_BORN = {0: 4, 1: 6, 2: 10, 3: 15, 4: 18, 5: 17, 6: 13, 7: 9, 8: 5, 9: 3}
"""Weight of each number of children a couple has in the end, before the province's factor (estimate)."""

KIN_PER_HOUSEHOLD = {"parent": 0.089, "sibling": 0.215, "other_relative": 0.0755, "non_relative": 0.053}
"""Kin beside the head's own line, before the factor `Province.extended` (fitted to the census's relations to head)."""

OTHER_AGES = {0: 5, 5: 9, 10: 11, 15: 15, 20: 14, 25: 10, 30: 8, 40: 8, 50: 7, 60: 7, 70: 6}
"""Weight of each band of age among other relatives and non-relatives, by its first year (estimate)."""

BORN_MALE = 0.512
"""Share of births that are male (estimate: the usual ratio of 105 to 100)."""

TRANSGENDER = 20_331 / 241_500_000
"""Transgender people among all (Census 2023)."""

PREGNANT_WIVES = {15: 0.185, 20: 0.235, 25: 0.21, 30: 0.15, 35: 0.086, 40: 0.034, 45: 0.009}
"""Share of wives who are pregnant, by band of age: 8 % of all women of 15-49 (census births; the ages: fitted)."""

PREGNANT_WITHOUT_HUSBAND = 0.05
"""How likely a widowed, divorced or separated woman is to be pregnant, against a married one (estimate)."""

LACTATING = (0.9, 0.6)
"""Share of mothers who nurse a child in its first and in its second year (estimate)."""

DISABILITY_BY_AGE = {0: 0.0, 2: 0.3, 5: 0.5, 18: 0.7, 45: 1.5, 60: 3.4, 70: 6.0}
"""How much likelier than the average a disability is, by the first year of a band of age (estimate)."""

DISABILITY_DOMAINS = {"walking": 3.1, "hearing": 2.0, "seeing": 1.8, "cognition": 1.5, "self_care": 1.1,
                      "communication": 1.1}
"""Per cent of people with a functional limitation in each domain (Census 2023); one domain is recorded a person."""

DISABILITY_SEVERITIES = {"some": 0.56, "a_lot": 0.29, "cannot_do": 0.15}
"""Share of each severity among those with a limitation. Only the last two count as a disability (estimate)."""

TENURES = {"owned": 81.9, "rented": 12.0, "rent_free": 4.1, "other": 2.0}
"""Per cent of households (Census 2023)."""

ROOMS_ABOVE_ONE = {2: 32.2, 3: 18.8, 4: 17.4}
"""Per cent of households with 2, 3 and 4 or more rooms (Census 2023); one room is a figure of the province."""

TOILETS_ABOVE_NONE = {"dry_pit": 6.5, "flush_open_drain": 18.0, "flush_pit": 26.0, "flush_sewer": 36.8}
"""Per cent of households: flush 80.8, other 6.5 (Census 2023); the three kinds of flush: estimate."""

FUELS = {"dung": 4.0, "other": 1.2, "firewood": 52.5, "lpg": 4.2, "gas": 38.1}
"""Per cent of households, poorest first: gas, LPG and firewood (Census 2023); the rest: estimate."""

WATER_SOURCES = {"other": 6.0, "open_well": 4.0, "tanker": 6.0, "hand_pump": 17.0, "closed_well": 3.0,
                 "piped": 24.0, "motor_pump": 40.0}
"""Per cent of households, poorest first (estimate)."""

SOLAR_WITHOUT_ELECTRICITY = 0.55
"""Share of households without electricity whose light is solar (estimate)."""

ASSETS = {"refrigerator": 0.33, "washing_machine": 0.43, "air_conditioner": 0.08, "tv": 0.62, "cooking_range": 0.12,
          "motorcycle": 0.59, "car": 0.06, "tractor": 0.03}
"""Share of households: motorcycle 59 % (2021), television 60 %, car 6 % (2012-13). The others: estimate; that of
refrigerators is low, so that about a quarter of the households fall under the cut-off of the demonstration scorecard.
A little more television is stated than is found, since it is found only where there is light to run it."""

WITH_MOBILE = 0.90
"""Share of households that give a mobile number (estimate)."""

WITH_CNIC = {"male": 0.992, "female": 0.974, "transgender": 0.9}
"""Share of adults with a CNIC: 98.3 % of all, fewer women than men (published); by sex: estimate."""

WITH_BFORM = {0: 0.42, 1: 0.58, 2: 0.70, 5: 0.85, 10: 0.92}
"""Share of those under 18 with a B-Form number, by the first year of a band of age (estimate)."""

MEDIAN_INCOME = 42_000
"""PKR a month of a household of middling wealth (estimate)."""

MOBILE_REPEATED = 0.004
"""Share of households that give the number of the household before, a neighbour's or a relative's (estimate)."""

WITHOUT_POSITION = 0.12
"""Share of households whose latitude and longitude were not taken (estimate)."""

WITHOUT_INCOME = 0.04
"""Share of households that do not tell their income (estimate)."""

DESK_SHARE = 0.45
"""Share of registrations made at a desk on the last day; it falls to nothing over `DESK_DAYS` before (estimate)."""

DESK_DAYS = 540

WEALTH_BY_CHILDREN = -0.62
"""How strongly a household's wealth goes with its number of children under 14 (correlation, estimate)."""

CHILDREN_UNDER_14 = 0.377
"""Share of people (Census 2023, from the bands of age)."""

CHILDREN_DEVIATION = 2.05
"""Standard deviation of the number of children under 14 in a household (measured on the result)."""

LITERACY_BY_AGE = {0: 0.5, 15: 0.5, 20: 0.4, 25: 0.1, 35: -0.15, 45: -0.4, 60: -0.8}
"""How much further those of an age lean to literacy, in standard deviations (estimate)."""

LITERACY_SHIFT = 0.05
"""Makes up for the larger families of the poor among those of 17 and over, in standard deviations (fitted)."""

SCHOOL_SHIFT = 0.22
"""The same among children of school age (fitted)."""

SCHOOL_BY_AGE = {5: -0.75, 6: -0.05, 7: 0.3, 8: 0.35, 9: 0.4, 10: 0.4, 11: 0.35, 12: 0.25, 13: 0.1, 14: -0.15,
                 15: -0.45, 16: -0.7}
"""How much likelier a child of an age is to be at school, in standard deviations (estimate)."""

LEFT_AFTER_PRIMARY = 0.4
"""Share of those of 12-16 out of school who have completed primary (estimate)."""

STUDENTS = 0.35
"""Share of those of 17-23 with Matric or more who still study (estimate)."""

WORKING = {
    "male": {0: 0.0, 10: 0.05, 15: 0.40, 20: 0.74, 25: 0.93, 30: 0.96, 55: 0.88, 60: 0.65, 70: 0.35},
    "female": {0: 0.0, 10: 0.03, 15: 0.12, 20: 0.18, 25: 0.22, 30: 0.24, 55: 0.18, 60: 0.10, 70: 0.04},
}
"""Share who work, by sex and the first year of a band of age (estimate, after the shape of labour force surveys)."""

WOMEN_WORKING_BY_WEALTH = ((-0.3, 1.9), (0.3, 1.0), (9.0, 0.6))
"""Up to which wealth (standard deviations) the shares of women who work are taken how many times (estimate)."""

STUDENTS_WORKING = 0.12
"""How likely a student is to work, against others of that age (estimate)."""

SEEKING = {"male": 0.40, "female": 0.03}
"""Share who look for work among those of 15-59 who do not work (estimate)."""

STATUSES = {
    "male": {"daily_wage": 0.42, "unpaid_family": 0.06, "self_employed": 0.25, "private": 0.20, "government": 0.07},
    "female": {"daily_wage": 0.20, "unpaid_family": 0.42, "self_employed": 0.20, "private": 0.12, "government": 0.06},
}
"""Share of each employment status among those who work, poorest first (estimate)."""

ELEMENTARY = {"daily_wage": 0.92, "unpaid_family": 0.7, "self_employed": 0.45, "private": 0.46, "government": 0.15}
"""Share of each status whose occupation is elementary, before wealth moves it (estimate)."""

ELEMENTARY_BY_WEALTH = ((-0.2, 1.5), (0.4, 1.0), (9.0, 0.35))
"""Up to which wealth (standard deviations) the shares of `ELEMENTARY` are taken how many times (estimate)."""
