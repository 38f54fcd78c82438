"""The web client as a user handles it: words for what a journey does, over Playwright."""

import re

from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect
from PyPDF2 import PdfReader


class Backend:
    """One tab of a user who is logged in; `complaints` is what a faultless page would not say."""

    def __init__(self, visit):
        self.visit = visit
        self.page = visit.page

    @property
    def complaints(self):
        return self.visit.complaints

    def open(self, path):
        self.visit.go(f"/odoo/{path}")
        self.page.wait_for_selector(".o_action_manager .o_view_controller")

    def record_attribute(self, premise_id, attribute_id, value, day):
        """A value of an attribute from a day on, on the premise's page; returns its row."""
        self.open(f"action-utility_base.premise_action/{premise_id}")
        row = self.page.locator(f".o_utility_attribute[data-id='{attribute_id}']")
        row.locator(".o_utility_attribute_record").click()
        self.page.wait_for_selector(".modal .o_form_view")
        self.fill("value_number", str(value))
        self.fill_date("date_start", day)
        self.save_dialog()
        return row

    def import_file(self, profile, path, imported):
        """Upload a file, read and check it, import its good rows: so many."""
        self.open("utility-imports/new")
        self.take("profile_id", profile)
        self.set_file("file", path)
        self.save()
        self.press("Read and Check")
        self.press("Import the Good Rows")
        self.expect_value("imported_count", str(imported))

    def open_account(self, account):
        self.open(f"utility-accounts/{account['id']}")

    def find(self, path, words, expected):
        """Search in a list by typed words and open the row that shows `expected`."""
        self.open(path)
        self.search(words)
        self.page.locator(".o_data_row", has_text=expected).first.click()
        self.page.wait_for_selector(".o_form_view")

    def search(self, words):
        """Type into the search box of a list that is open."""
        box = self.page.locator(".o_searchview_input")
        box.fill(words)
        box.press("Enter")

    def press(self, label):
        """The button with this label in the dialog on top, else on the page."""
        # an icon before the label is a part of the button's name
        name = re.compile(rf"(^|\s){re.escape(label)}\s*$")
        self._front().get_by_role("button", name=name).first.click()

    def choose(self, label):
        """Take a radio button and wait for what the form makes of it."""
        with self.page.expect_response(lambda answer: "/onchange" in answer.url):
            self._front().get_by_label(label, exact=True).check()

    def fill(self, field, text):
        self._front().locator(f"[name={field}] input").first.fill(text)

    def fill_date(self, field, day):
        place = self._front().locator(f"[name={field}]").first
        # a date is a button until it is pressed
        place.locator("button, input").first.click()
        box = place.locator("input")
        box.fill(f"{day:%m/%d/%Y}")
        box.press("Tab")

    def select(self, place, label):
        """Take an offer of a selection; `place` is its field."""
        place.locator("input").first.click()
        self.page.locator(".o_select_menu_item", has_text=label).first.click()

    def add_row(self, field, **values):
        """A new line in an editable list; texts and numbers are typed, `kind` is selected."""
        table = self._front().locator(f"[name={field}]").first
        rows = table.locator(".o_data_row")
        count = rows.count()
        table.locator(".o_field_x2many_list_row_add a").click()
        expect(rows).to_have_count(count + 1)
        row = table.locator(".o_data_row.o_selected_row").last
        for name, value in values.items():
            cell = row.locator(f"[name={name}]").first
            if name == "kind":
                self.select(cell, value)
            else:
                cell.locator("input").fill(str(value))

    def type_in_row(self, field, words, name, value):
        """Type into one cell of the row that shows `words`."""
        row = self._front().locator(f"[name={field}] .o_data_row", has_text=words).first
        row.locator(f"[name={name}]").first.click()
        box = self._front().locator(f"[name={field}] .o_selected_row [name={name}] input")
        box.fill(str(value))
        box.press("Tab")

    def create_in(self, field, name):
        """Type a name into a many2one and take the offer to create it. A form that is just being
        drawn anew drops what is typed, as it does for a person who is too quick: type again."""
        offer = self.page.locator(
            ".o_m2o_dropdown_option_create, .dropdown-item", has_text="Create"
        )
        for _attempt in range(5):
            self.fill(field, name)
            try:
                offer.first.click(timeout=5000)
            except PlaywrightTimeout:
                continue
            return
        raise AssertionError(f"{field} offers no way to create “{name}”.")

    def save_dialog(self):
        self.press("Save")
        self.wait_until_closed()

    def open_page(self, name):
        self.page.locator(f".o_notebook a[name={name}]").click()

    def upload(self, label, path):
        with self.page.expect_file_chooser() as chooser:
            self._front().get_by_role("button", name=label).first.click()
        chooser.value.set_files(path)

    def expect_text(self, text):
        expect(self._front().get_by_text(text).first).to_be_visible()

    def wait_until_saved(self):
        self.wait_until_closed()
        self.page.wait_for_selector(".o_form_view")

    def wait_until_closed(self):
        """No dialog is open any more."""
        expect(self.page.locator(".modal")).to_have_count(0)

    def save(self):
        self.page.locator(".o_form_button_save").click()
        self.page.wait_for_selector(".o_form_saved, .o_form_view:not(.o_form_dirty)")

    def take(self, field, name):
        """Choose an existing record in a many2one."""
        self.fill(field, name)
        offers = self.page.locator(".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)")
        offers.filter(has_text=name).first.click()

    def set_file(self, field, path):
        self.page.locator(f"[name={field}] input[type=file]").set_input_files(path)

    def expect_value(self, field, text):
        expect(self.page.locator(f"[name={field}]").last).to_contain_text(text)

    def money(self, field):
        """The figure in a monetary field, without its currency and thousands signs."""
        shown = self._front().locator(f"[name={field}]").first.inner_text()
        return re.sub(r"[^\d.-]", "", shown)

    def select_all_rows(self):
        self.page.wait_for_selector(".o_list_view .o_data_row")
        self.page.locator(".o_list_view thead .o_list_record_selector input").check()

    def mend(self, source, value):
        """In the mending table, write `value` beside the cell that the file says `source` in."""
        table = self.page.locator(".modal")
        cell = f".o_data_row:has([name=source]:text-is('{source}')) [name=value]"
        table.locator(cell).first.click()
        box = table.locator(".o_selected_row [name=value] input")
        box.fill(value)
        box.press("Tab")

    def open_related(self, action):
        """Press the figure on top of a form that opens what it counts."""
        self.page.locator(f"button[name={action}]").first.click()
        self.page.wait_for_selector(".o_list_view")

    def press_in_row(self, words, action):
        """The small button in the row that shows `words`; opens a dialog."""
        row = self.page.locator(".o_data_row", has_text=words)
        row.locator(f"button[name={action}]").click()
        self.page.wait_for_selector(".modal .o_form_view")

    def open_row(self, words, action):
        """The small button in the row that shows `words`; opens a page."""
        row = self._front().locator(".o_data_row", has_text=words).first
        row.locator(f"button[name={action}]").click()

    def expect_marked(self, words, badge):
        """The row that shows `words` has this badge."""
        row = self.page.locator(".o_data_row", has_text=words)
        expect(row.first.locator(".badge", has_text=badge)).to_be_visible()

    def wait_for_state(self, label, attempts=60):
        """Look again until the form's bar of states says `label`."""
        current = self.page.locator(".o_statusbar_status .o_arrow_button_current")
        for _attempt in range(attempts):
            current.first.wait_for()
            if current.first.inner_text().strip() == label:
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
            self.page.wait_for_selector(".o_form_view")
        raise AssertionError(f"The form is still “{current.first.inner_text()}”, not “{label}”.")

    def wait_until(self, check, seconds=60):
        """Until `check()` is true, in what is on record."""
        for _second in range(seconds):
            if check():
                return
            self.page.wait_for_timeout(1000)
        raise AssertionError(f"Not so after {seconds} seconds.")

    def go_back(self):
        self.page.locator(".o_back_button, .breadcrumb-item a").last.click()

    def print_pdf(self, label):
        """Press a button that prints; returns the text of the PDF that comes."""
        with self.page.expect_download() as download:
            self.press(label)
        return text_of_pdf(download.value.path())

    def _front(self):
        dialogs = self.page.locator(".modal .modal-dialog")
        return dialogs.last if dialogs.count() else self.page.locator("body")


class EntryGrid:
    """The page where readings of an entrance are typed; no mouse is touched after it is open."""

    def __init__(self, backend):
        self.backend = backend
        self.page = backend.page
        self.focused = self.page.locator(".o_utility_entry_row input[type=text]:focus")

    def open(self, building):
        """Choose the building by its name; the first entrance comes with the cursor in it."""
        self.page.goto(f"{self.backend.visit.url}/odoo/utility-enter-readings")
        self.page.locator(".o_utility_entry_building input:focus").wait_for()
        self.page.keyboard.type(building, delay=20)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=building).first.wait_for()
        self.page.keyboard.press("Enter")
        self.focused.wait_for()

    def whole_building(self):
        """All entrances at once."""
        with self.page.expect_response(lambda answer: "/utility.reading" in answer.url):
            self.page.locator(".o_utility_entry_entrance").select_option(label="Whole building")

    def read_on(self, day):
        """The day that the readings are of."""
        box = self.page.locator(".o_utility_entry_day input")
        box.fill(f"{day:%m/%d/%Y}")
        with self.page.expect_response(lambda answer: "/utility.reading" in answer.url):
            box.press("Enter")

    def go_to(self, register):
        """Put the cursor in the line of a register."""
        self.page.locator(f"tr[data-register='{register}'] input[type=text]").first.click()

    def register(self):
        """Id of the register whose line has the cursor."""
        return int(self.focused.locator("xpath=ancestor::tr").get_attribute("data-register"))

    def type(self, text):
        """A value, then Enter: the cursor goes to the next line."""
        line = self.register()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        box = self.page.locator(f"tr[data-register='{line}'] input[type=text]")
        expect(box).not_to_be_focused()

    def expect_warning(self, register):
        row = self.page.locator(f"tr[data-register='{register}']")
        expect(row.locator(".o_utility_entry_message").first).to_be_visible()

    def save(self, count):
        """Save by keyboard and wait until so many more are on record."""
        done = self.page.locator(".o_utility_entry_row .o_utility_entry_done")
        before = done.count()
        self.page.keyboard.press("Control+s")
        expect(done).to_have_count(before + count)


def text_of_pdf(path):
    return "\n".join(page.extract_text() for page in PdfReader(str(path)).pages)
