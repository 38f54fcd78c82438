"""Readings come in: by a file, typed, and doubted."""

import pytest

from journeys.pages import EntryGrid

BUILDING = "Uosto g. 21"
# what the town holds at the end of the month, and a meter that nobody has read for long
POOL, BACKWARD, SILENT = "CW-ZVE-14-22", "HW-UOS-21-33", "CW-UOS-21-31"
READ, TYPED = 3.4, 21.5
FILE = "Readings of the controllers"
HEADER = "Skaitiklio Nr.;Paslauga;Rodmens data;Rodmuo;Pastaba"


def read_the_meters(engineer, facts, album, folder):
    """One reading is rejected and comes again in a file, one is typed, one was true after all."""
    engineer.open("utility-held-readings")
    album.take(engineer, "held-readings")
    serial = facts.last_reading(BACKWARD)["serial"]
    engineer.press_in_row(serial, "action_reject")
    engineer.fill("reason", "Another flat's meter")
    engineer.press("Reject")
    engineer.wait_until_closed()
    accept(engineer, facts)
    import_readings(engineer, facts, folder)
    type_a_reading(engineer, facts, album)

    engineer.open("utility-usage-runs/new")
    engineer.save()
    engineer.press("Calculate")
    engineer.wait_for_state("Done")
    assert measured(facts, SILENT) == "measured"
    assert measured(facts, BACKWARD) == "measured"


def accept(engineer, facts):
    serial = facts.last_reading(POOL)["serial"]
    engineer.press_in_row(serial, "action_accept")
    engineer.fill("reason", "They filled a pool")
    engineer.press("Accept")
    engineer.wait_until_closed()
    (pool,) = facts.readings(POOL, facts.month_end)
    assert pool["state"] == "accepted"


def import_readings(engineer, facts, folder):
    before = facts.last_reading(BACKWARD)
    figure = f"{before['value'] + READ:.3f}".replace(".", ",")
    table = folder / "readings.csv"
    table.write_text(f"{HEADER}\n{before['serial']};;{facts.month_end:%d.%m.%Y};{figure};\n")
    engineer.import_file(FILE, table, 1)
    assert facts.readings(BACKWARD, facts.month_end)[0]["usage"] == pytest.approx(READ)


def type_a_reading(engineer, facts, album):
    before = facts.last_reading(SILENT)
    grid = EntryGrid(engineer)
    grid.open(BUILDING)
    grid.whole_building()
    grid.read_on(facts.month_end)
    grid.go_to(before["register_id"][0])
    grid.type(f"{before['value'] + TYPED:.3f}".replace(".", ","))
    album.take(engineer, "enter-readings")
    grid.save(1)
    (typed,) = facts.readings(SILENT, facts.month_end)
    assert (typed["usage"], typed["source"]) == (pytest.approx(TYPED), "clerk")


def measured(facts, point):
    usage = facts.one(
        "usage",
        [
            ["service_point_id.code", "=", point],
            ["date_end", "=", facts.month_end.isoformat()],
            ["voided_at", "=", False],
        ],
        ["method"],
    )
    return usage["method"]
