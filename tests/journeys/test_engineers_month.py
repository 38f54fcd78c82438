"""A meter engineer's month in the browser: a file of readings, the grid of an entrance, what is
held, the usage of the month, losses, and a visit where something looks wrong."""

from datetime import date

import pytest

from journeys.pages import Backend, EntryGrid
from journeys.records import Records

FILE = "Readings of the controllers"
HEADER = "Skaitiklio Nr.;Paslauga;Rodmens data;Rodmuo;Pastaba"
BUILDING = "Žvejų g. 14"
SILENT = "CW-UOS-21-31"
HOUSES = ("CW-GIN-2", "CW-GIN-4", "CW-GIN-6")
# what the demo town holds at the end of its last month
POOL = "CW-ZVE-14-22"
MISREAD = "CW-UOS-21-11"
UNBELIEVABLE = "HW-UOS-21-19"
BACKWARD = "HW-UOS-21-33"
MARKS = {"2": "Warning", "3": "Alarm"}


@pytest.fixture
def engineer(visit):
    return Backend(visit("meter_engineer"))


@pytest.fixture
def facts(json2):
    return Facts(json2("admin"))


class Facts(Records):
    """Reads as the administrator what is on record in the town."""

    def __init__(self, call):
        super().__init__(call)
        held = self.find("reading", [["state", "=", "held"]], ["date"])
        self.month_end = date.fromisoformat(max(row["date"] for row in held))

    def readings(self, point, *domain):
        """Readings of a point's meters, the newest first."""
        return self.find(
            "reading",
            [["service_point_id.code", "=", point], *domain],
            ["value", "usage", "date", "state", "state_reason", "register_id", "decided_by"],
            order="id desc",
        )

    def last(self, *domain):
        """The newest reading in force: its value, and the meter's serial number."""
        row = self.find(
            "reading",
            [["state", "=", "accepted"], *domain],
            ["value", "usage", "date", "meter_id"],
            order="date desc, id desc",
            limit=1,
        )[0]
        meter = self.find("meter", [["id", "=", row["meter_id"][0]]], ["serial"])[0]
        return {**row, **meter}

    def usage(self, point):
        """Usage of the month that ended, as it is in force."""
        return self.find(
            "usage",
            [
                ["service_point_id.code", "=", point],
                ["date_end", "=", self.month_end.isoformat()],
                ["voided_at", "=", False],
            ],
            ["quantity", "method"],
        )[0]


def test_a_month_from_readings_to_a_visit(engineer, facts, tmp_path):
    import_a_file(engineer, facts, tmp_path)
    type_an_entrance(engineer, facts)
    decide_about_held_readings(engineer, facts)
    calculate_usage(engineer, facts)
    look_at_losses(engineer, facts)
    assert engineer.complaints == []


def import_a_file(engineer, facts, tmp_path):
    """Two good rows, one that is held, one with a meter that nobody knows."""
    silent = facts.last(["service_point_id.code", "=", SILENT])
    good, slipped, misspelt = (
        facts.last(["service_point_id.code", "=", point]) for point in HOUSES
    )
    today = date.today()
    table = tmp_path / "controllers.csv"
    table.write_text(
        "\n".join(
            [
                HEADER,
                row(silent["serial"], facts.month_end, silent["value"] + 20),
                row(good["serial"], today, good["value"] + 0.5),
                row(slipped["serial"], today, slipped["value"] + 700),
                row(f"X{misspelt['serial']}", today, misspelt["value"] + 0.7),
            ]
        )
    )
    engineer.import_file(FILE, table, 3)
    engineer.expect_value("bad_count", "1")

    engineer.press("Mend the Bad Rows")
    engineer.select_all_rows()
    engineer.press("Mend")
    engineer.mend(f"X{misspelt['serial']}", misspelt["serial"])
    engineer.press("Check Again")
    engineer.wait_until_closed()
    engineer.go_back()
    engineer.press("Import the Good Rows")
    engineer.expect_value("imported_count", "4")
    assert facts.readings(HOUSES[2])[0]["value"] == pytest.approx(misspelt["value"] + 0.7)

    engineer.open_related("action_open_held_readings")
    engineer.press_in_row(slipped["serial"], "action_correct")
    engineer.fill("value", f"{slipped['value'] + 0.7:.3f}")
    engineer.fill("reason", "The comma had slipped")
    engineer.press("Correct")
    engineer.wait_until_closed()
    corrected, wrong = facts.readings(HOUSES[1])[:2]
    assert (corrected["value"], corrected["state"]) == (
        pytest.approx(slipped["value"] + 0.7),
        "accepted",
    )
    assert (wrong["value"], wrong["state"]) == (
        pytest.approx(slipped["value"] + 700),
        "superseded",
    )


def type_an_entrance(engineer, facts):
    """Four flats by keyboard only; the fourth shows so much that the grid warns before saving."""
    grid = EntryGrid(engineer)
    grid.open(BUILDING)
    typed = {}
    for more in (0.4, 0.6, 0.5, 5000):
        register = grid.register()
        value = round(facts.last(["register_id", "=", register])["value"] + more, 3)
        typed[register] = value
        grid.type(f"{value:.3f}".replace(".", ","))
    grid.expect_warning(register)
    grid.save(4)
    rows = facts.find(
        "reading",
        [["register_id", "in", list(typed)], ["source", "=", "clerk"]],
        ["register_id", "value", "state", "create_uid"],
        order="id",
    )
    assert {row["register_id"][0]: row["value"] for row in rows} == pytest.approx(typed)
    assert [row["state"] for row in rows] == ["accepted", "accepted", "accepted", "held"]
    assert {row["create_uid"][1] for row in rows} == {rows[0]["create_uid"][1]}


def decide_about_held_readings(engineer, facts):
    """One is true, one was misread, one has to be looked at, one is no good."""
    engineer.open("utility-held-readings")
    held = {
        point: facts.readings(point, ["state", "=", "held"])[0]
        for point in (POOL, MISREAD, UNBELIEVABLE, BACKWARD)
    }
    serials = {point: reading["register_id"][1].split(" ")[0] for point, reading in held.items()}
    right = round(held[MISREAD]["value"] - held[MISREAD]["usage"] + 6.1, 3)

    engineer.press_in_row(serials[POOL], "action_accept")
    engineer.fill("reason", "They filled a pool")
    engineer.press("Accept")
    engineer.wait_until_closed()

    engineer.press_in_row(serials[MISREAD], "action_correct")
    engineer.fill("value", f"{right:.3f}")
    engineer.fill("reason", "Read again on the phone")
    engineer.press("Correct")
    engineer.wait_until_closed()

    engineer.press_in_row(serials[UNBELIEVABLE], "action_visit")
    engineer.fill("reason", "Two hundred cubic metres")
    engineer.press("Plan the Visit")
    engineer.wait_until_closed()

    engineer.press_in_row(serials[BACKWARD], "action_reject")
    engineer.fill("reason", "Another flat's meter")
    engineer.press("Reject")
    engineer.wait_until_closed()

    def outcome(point):
        reading = facts.readings(point, ["date", "=", facts.month_end.isoformat()])[0]
        return reading["value"], reading["state"], reading["state_reason"] or None

    assert outcome(POOL) == (held[POOL]["value"], "accepted", "They filled a pool")
    assert outcome(MISREAD) == (right, "accepted", "Read again on the phone")
    assert outcome(UNBELIEVABLE) == (held[UNBELIEVABLE]["value"], "held", None)
    assert outcome(BACKWARD) == (held[BACKWARD]["value"], "rejected", "Another flat's meter")
    assert visits(facts, UNBELIEVABLE) == [("planned", "Two hundred cubic metres")]


def calculate_usage(engineer, facts):
    """The month is calculated: what was read is measured, what is missing is estimated."""
    engineer.open("utility-usage-runs/new")
    engineer.save()
    engineer.expect_text("points have a meter that nobody read in this month")
    engineer.press("Calculate")
    engineer.wait_for_state("Done")
    engineer.expect_value("methods_text", "Estimated: ")
    engineer.expect_text("Cold water")

    run = facts.find("usage.run", [], ["total_ids", "state"], order="id desc", limit=1)[0]
    totals = facts.find(
        "usage.run.total", [["id", "in", run["total_ids"]]], ["service_id", "quantity"]
    )
    usages = facts.find(
        "usage",
        [
            ["date_end", ">", (facts.month_end.replace(day=1)).isoformat()],
            ["date_end", "<=", facts.month_end.isoformat()],
            ["voided_at", "=", False],
        ],
        ["service_id", "quantity"],
    )
    for total in totals:
        of_service = [row["quantity"] for row in usages if row["service_id"] == total["service_id"]]
        assert total["quantity"] == pytest.approx(sum(of_service), abs=0.01)
    assert facts.usage(POOL) == {**facts.usage(POOL), "quantity": 90, "method": "measured"}
    assert facts.usage(MISREAD)["quantity"] == pytest.approx(6.1)
    assert facts.usage(SILENT)["method"] == "measured"
    assert facts.usage(UNBELIEVABLE)["method"] == "estimated"
    assert facts.usage(BACKWARD)["method"] == "estimated"


def look_at_losses(engineer, facts):
    """The balance of the month, its worst branch, and a visit at a point that looks wrong."""
    engineer.open("utility-losses")
    engineer.press("Calculate Balance")
    engineer.press("Calculate")
    engineer.wait_until_closed()
    branches = facts.find(
        "network.balance",
        [["date_end", "=", facts.month_end.isoformat()], ["state", "=", "complete"]],
        ["service_point_id", "quantity", "children_quantity", "loss", "loss_percent", "severity"],
    )
    for branch in branches:
        below = branch["quantity"] - branch["children_quantity"]
        assert branch["loss"] == pytest.approx(below, abs=0.001)
    worst = max(branches, key=lambda branch: abs(branch["loss_percent"]))
    code = worst["service_point_id"][1].split(" ")[0]
    engineer.expect_marked(f"{code} ", MARKS[worst["severity"]])

    suspect = most_suspicious(facts)
    engineer.find("utility-suspicions", suspect, f"{suspect} ")
    engineer.press("Plan Check Visit")
    engineer.expect_text("Check visits planned: 1")
    engineer.wait_for_state("Visit planned")
    assert [state for state, _reason in visits(facts, suspect)][-1] == "planned"


def most_suspicious(facts):
    """Code of the point with the highest score that nobody is sent to yet."""
    planned = facts.find("check.visit", [["state", "=", "planned"]], ["service_point_id"])
    points = [visit["service_point_id"][0] for visit in planned]
    rows = facts.find(
        "suspicion",
        [
            ["date_end", "=", facts.month_end.isoformat()],
            ["state", "=", "new"],
            ["service_point_id", "not in", points],
        ],
        ["service_point_id", "score"],
    )
    worst = max(rows, key=lambda found: found["score"])
    return worst["service_point_id"][1].split(" ")[0]


def visits(facts, point):
    """[(state, reason)] of the point's check visits."""
    rows = facts.find(
        "check.visit", [["service_point_id.code", "=", point]], ["state", "reason"], order="id"
    )
    return [(row["state"], row["reason"]) for row in rows]


def row(serial, day, value):
    """A line as the controllers' table has it: days and decimals in the Lithuanian way."""
    figure = f"{value:.3f}".replace(".", ",")
    return f"{serial};;{day:%d.%m.%Y};{figure};"
