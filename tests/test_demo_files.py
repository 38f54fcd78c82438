"""The files that wait in the demo town are brought in by the cashier, the register of the post
first; then the bank's statement brings the post's transfer for it."""

import pytest


@pytest.fixture
def cashier(serving):
    """The API as the cashier of a town of its own, whose files nobody has read yet."""
    return serving.serve(serving.database(demo=True)).json2("cashier")


def bring_in(cashier, pattern):
    """(id of the file, id of the list that it became)"""
    (file_id,) = cashier(
        "utility.import.batch",
        "search",
        domain=[["file_name", "=like", pattern], ["state", "in", ["draft"]]],
    )
    for step in ("action_read", "action_import"):
        cashier("utility.import.batch", step, ids=[file_id])
    (list_id,) = cashier(
        "utility.payment.batch", "search", domain=[["import_batch_id", "=", file_id]]
    )
    return file_id, list_id


def payments(cashier, list_id):
    rows = cashier(
        "utility.payment",
        "search_read",
        domain=[["batch_id", "=", list_id]],
        fields=["amount", "state", "method"],
        order="number",
    )
    return [(row["amount"], row["state"], row["method"]) for row in rows]


def test_a_register_and_the_statement_that_brings_its_sum(cashier):
    _file, register = bring_in(cashier, "npst_%.txt")
    assert [row[:2] for row in payments(cashier, register)] == [
        (12.5, "registered"),
        (27.0, "registered"),
        (31.4, "registered"),
        (40.0, "registered"),
        (22.15, "doubtful"),
    ]
    file_id, statement = bring_in(cashier, "camt053_%.xml")
    assert payments(cashier, statement) == [
        (30.0, "registered", "reference"),
        (25.5, "registered", "reference"),
        (18.0, "registered", "text"),
        (21.0, "doubtful", "payer"),
        (42.0, "doubtful", "payer"),
    ]
    rows = cashier(
        "utility.import.row",
        "search_read",
        domain=[["batch_id", "=", file_id]],
        fields=["state"],
        order="number",
    )
    assert [row["state"] for row in rows] == ["imported"] * 5 + ["skipped"] * 2
    (found,) = cashier(
        "utility.payment.batch",
        "read",
        ids=[register],
        fields=["amount", "transferred", "totals_problem"],
    )
    assert (found["amount"], found["transferred"]) == (133.05, 131.85)
    assert not found["totals_problem"]
