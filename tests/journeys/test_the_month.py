"""The month as one story, by the people who work it: readings come in and one is doubted, the house
shares what it used in common, the month is calculated, mended, approved, posted and sent; the bank
and the post bring the money; a reading turns out to have been wrong, a flat is sold. At the end the
books agree to the cent."""

from types import SimpleNamespace

import pytest

from harness.post_office import open_post_office
from journeys.month.album import Album
from journeys.month.bills import calculate, look_at_the_sharing, post, send
from journeys.month.books import bill_again, look_through_the_books
from journeys.month.corrections import correct_the_past
from journeys.month.facts import Facts
from journeys.month.money import receive_money
from journeys.month.moves import sell_a_flat
from journeys.month.readings import read_the_meters
from journeys.pages import Backend

PEOPLE = ("meter_engineer", "clerk", "billing_operator", "cashier", "accountant")


@pytest.fixture
def town(serving):
    return serving.serve(serving.database(demo=True))


@pytest.fixture
def facts(town):
    return Facts(town)


@pytest.fixture
def people(town, browser, request):
    """A tab for each of those who work the month."""
    visits = {login: browser.visit(town.url, login) for login in PEOPLE}
    yield SimpleNamespace(**{login: Backend(visit) for login, visit in visits.items()})
    report = getattr(request.node, "call_report", None)
    for login, visit in visits.items():
        if report is None or report.failed:
            visit.picture(f"{request.node.name}-{login}")
        visit.close()


@pytest.fixture
def post_office(facts):
    with open_post_office() as office:
        office.connect(facts.call)
        facts.call(
            "res.company", "write", ids=[facts.company_id], vals={"email": "bills@example.com"}
        )
        yield office


def test_the_month_as_one_story(people, facts, post_office, tmp_path):
    album = Album()
    read_the_meters(people.meter_engineer, facts, album, tmp_path)
    calculate(people.billing_operator, people.clerk, facts, album)
    look_at_the_sharing(people.billing_operator, facts, album)
    post(people.billing_operator, facts, album)
    send(people.billing_operator, facts, album, post_office)
    receive_money(people, facts, album, tmp_path)
    correct_the_past(people.meter_engineer, people.billing_operator, facts, album)
    sell_a_flat(people.clerk, people.billing_operator, facts, album)
    look_through_the_books(people.accountant, facts, album)
    bill_again(facts)
    for tab in vars(people).values():
        assert tab.complaints == []
