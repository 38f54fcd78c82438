"""Bills really leave by SMTP, once, and what is heard of them is seen."""

import re
import urllib.request

import pytest

from harness.post_office import open_post_office


@pytest.fixture
def post_office():
    with open_post_office() as office:
        yield office


@pytest.fixture
def town(serving):
    """A town of its own, whose bills are posted here."""
    return serving.serve(serving.database(demo=True))


@pytest.fixture
def run_id(town, post_office):
    """A posted billing run of one account that gets its bills by e-mail."""
    call = town.json2("admin")
    post_office.connect(call)
    (before,) = call(
        "utility.billing.run",
        "search_read",
        domain=[["state", "=", "review"]],
        fields=["month", "company_id"],
    )
    (charge,) = call(
        "utility.charge",
        "search_read",
        domain=[["run_id", "=", before["id"]], ["amount", ">", 1]],
        fields=["account_id"],
        limit=1,
    )
    account_id = charge["account_id"][0]
    call(
        "utility.account",
        "write",
        ids=[account_id],
        vals={"delivery_channel": "email", "delivery_email": "resident@example.com"},
    )
    call("res.company", "write", ids=[before["company_id"][0]], vals={"email": "bills@example.com"})
    (run,) = call(
        "utility.billing.run",
        "create",
        vals_list=[
            {
                "month": before["month"],
                "company_id": before["company_id"][0],
                "account_ids": [[6, 0, [account_id]]],
            }
        ],
    )
    for step in ("action_calculate", "action_approve", "action_post"):
        call("utility.billing.run", step, ids=[run])
    return run


def deliveries(call, run_id):
    return call(
        "utility.bill.delivery",
        "search_read",
        domain=[["billing_run_id", "=", run_id]],
        fields=["channel", "state", "address", "reason"],
    )


def test_a_bill_leaves_once_and_is_seen_to_be_opened(town, post_office, run_id):
    call = town.json2("admin")
    wizard = call("utility.billing.run", "action_send", ids=[run_id])["res_id"]
    call("utility.delivery.send", "action_send", ids=[wizard])
    (delivery,) = deliveries(call, run_id)
    assert (delivery["channel"], delivery["reason"]) == ("email", False)
    for _time in range(2):
        call("mail.mail", "process_email_queue")
    ((recipients, mail),) = post_office.mails
    assert recipients == ["resident@example.com"]
    assert "bills@example.com" in mail["Reply-To"]
    (paper,) = [part for part in mail.walk() if part.get_content_type() == "application/pdf"]
    assert paper.get_payload(decode=True).startswith(b"%PDF")
    assert deliveries(call, run_id)[0]["state"] == "sent"
    html = next(part for part in mail.walk() if part.get_content_type() == "text/html")
    text = html.get_payload(decode=True).decode()
    pixel = re.search(r"/mail/tracking/open/[^\"']+blank\.gif", text).group()
    urllib.request.urlopen(f"{town.url}{pixel}", timeout=30).read()
    assert deliveries(call, run_id)[0]["state"] == "opened"
