"""A clerk's papers in the browser: attach a file, print an agreement, import and mend a table."""

import pytest

from journeys.pages import Backend

COLUMNS = {"attribute": "code", "value": "value", "date_start": "from", "number": "account"}


@pytest.fixture
def clerk(visit):
    return Backend(visit("clerk"))


@pytest.fixture
def admin(json2):
    """Reads and sets up as the administrator."""
    return json2("admin")


@pytest.fixture
def account(admin):
    """The account of the portal's resident: one payer, one flat."""
    fields = ["number", "partner_id"]
    return admin(
        "utility.account",
        "search_read",
        domain=[["partner_id.user_ids.login", "=", "resident"]],
        fields=fields,
        limit=1,
    )[0]


@pytest.fixture
def profile(admin):
    """An import profile for values of attributes of accounts, as an administrator maps it."""
    attribute = admin(
        "utility.attribute",
        "create",
        vals_list=[
            {
                "name": "Tap count",
                "code": "tap_count",
                "for_premises": False,
                "for_accounts": True,
                "decimals": 0,
                "has_range": True,
                "minimum": 0,
                "maximum": 20,
            }
        ],
    )
    columns = [[0, 0, {"field_name": name, "source": header}] for name, header in COLUMNS.items()]
    profile = admin(
        "utility.import.profile",
        "create",
        vals_list=[
            {
                "name": "Taps of accounts",
                "target": "attributes",
                "column_ids": columns,
            }
        ],
    )
    return {"id": profile[0], "attribute_id": attribute[0]}


def test_a_file_is_attached_and_found(clerk, admin, account, tmp_path):
    paper = tmp_path / "lease-of-the-day.txt"
    paper.write_text("Lease, signed by both sides.")
    clerk.open_account(account)
    clerk.open_page("documents")
    clerk.upload("File Documents", paper)
    clerk.take("type_id", "Other")
    clerk.press("File")
    clerk.wait_until_saved()
    clerk.expect_text("lease-of-the-day")
    found = admin(
        "utility.document",
        "search_read",
        domain=[["account_id", "=", account["id"]], ["display_name", "ilike", "lease-of-the-day"]],
        fields=["name"],
    )
    assert len(found) == 1
    assert clerk.complaints == []


def test_an_agreement_is_printed(clerk, account):
    clerk.open_account(account)
    clerk.open_page("documents")
    clerk.press("New Agreement")
    clerk.save()
    text = clerk.print_pdf("Print")
    assert account["number"] in text
    assert account["partner_id"][1] in text
    assert clerk.complaints == []


def test_a_file_with_three_bad_rows_is_imported_and_mended(clerk, admin, profile, tmp_path):
    numbers = [
        row["number"]
        for row in admin(
            "utility.account",
            "search_read",
            domain=[["state", "in", ["open"]], ["kind", "=", "individual"]],
            fields=["number"],
            order="number",
            limit=5,
        )
    ]
    table = tmp_path / "taps.csv"
    table.write_text(
        "\n".join(
            [
                "account;code;value;from",
                f"{numbers[0]};tap_count;3;2026-01-01",
                f"{numbers[1]};tap_count;4;2026-01-01",
                f"{numbers[2]};tap_count;99;2026-01-01",
                f"{numbers[3]};tap_count;many;2026-01-01",
                f"{wrong_check_digit(numbers[4])};tap_count;2;2026-01-01",
            ]
        )
    )
    clerk.import_file("Taps of accounts", table, 2)
    clerk.expect_value("bad_count", "3")
    assert taps(admin, profile) == {numbers[0]: 3, numbers[1]: 4}

    clerk.press("Mend the Bad Rows")
    clerk.select_all_rows()
    clerk.press("Mend")
    clerk.mend("99", "9")
    clerk.mend("many", "5")
    clerk.mend(wrong_check_digit(numbers[4]), numbers[4])
    clerk.press("Check Again")
    clerk.wait_until_closed()
    clerk.go_back()
    clerk.press("Import the Good Rows")
    clerk.expect_value("imported_count", "5")
    assert taps(admin, profile) == {
        numbers[0]: 3,
        numbers[1]: 4,
        numbers[2]: 9,
        numbers[3]: 5,
        numbers[4]: 2,
    }
    assert clerk.complaints == []


def wrong_check_digit(number):
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def taps(admin, profile):
    """{account number: value} of what the file has recorded."""
    rows = admin(
        "utility.attribute.value",
        "search_read",
        domain=[["attribute_id", "=", profile["attribute_id"]]],
        fields=["account_id", "value_number"],
    )
    return {row["account_id"][1].split()[0]: row["value_number"] for row in rows}
