"""Words for what people do, by sex, employment status and whether the occupation is elementary. For `work` only."""

from collections.abc import Mapping

Words = Mapping[str, Mapping[bool, tuple[str, ...]]]

OCCUPATIONS: Mapping[str, Words] = {
    "male": {
        "daily_wage": {
            True: ("agricultural labourer", "construction labourer", "brick kiln worker", "loader", "street cleaner"),
            False: ("mason", "painter", "carpenter", "driver", "welder"),
        },
        "unpaid_family": {True: ("farm helper", "herdsman"), False: ("shop helper", "farm worker")},
        "self_employed": {
            True: ("street vendor", "rickshaw puller", "scrap collector", "fruit hawker"),
            False: ("farmer", "shopkeeper", "tailor", "rickshaw driver", "mechanic", "barber", "electrician"),
        },
        "private": {
            True: ("factory helper", "watchman", "office boy", "waiter"),
            False: ("machine operator", "salesman", "clerk", "accountant", "teacher", "security guard"),
        },
        "government": {
            True: ("sweeper", "gardener", "peon"),
            False: ("teacher", "police constable", "clerk", "soldier", "health technician"),
        },
    },
    "female": {
        "daily_wage": {
            True: ("cotton picker", "agricultural labourer", "domestic worker", "brick kiln worker"),
            False: ("embroiderer", "seamstress"),
        },
        "unpaid_family": {True: ("farm helper", "fodder cutter"), False: ("livestock keeper", "farm worker")},
        "self_employed": {
            True: ("street vendor", "bangle seller"),
            False: ("seamstress", "livestock keeper", "beautician", "home-based food maker"),
        },
        "private": {
            True: ("domestic worker", "packer", "cleaner"),
            False: ("teacher", "nurse", "machine operator", "saleswoman"),
        },
        "government": {True: ("sweeper", "ayah"), False: ("teacher", "lady health worker", "nurse", "clerk")},
    },
}
"""Occupations as an enumerator writes them down."""
