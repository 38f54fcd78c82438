"""The web client as a user handles it: words for what a journey does, over Playwright."""

from playwright.sync_api import expect


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

    def open_account(self, account):
        self.open(f"utility-accounts/{account['id']}")

    def find(self, path, words, expected):
        """Search in a list by typed words and open the row that shows `expected`."""
        self.open(path)
        box = self.page.locator(".o_searchview_input")
        box.fill(words)
        box.press("Enter")
        self.page.locator(".o_data_row", has_text=expected).first.click()
        self.page.wait_for_selector(".o_form_view")

    def press(self, label):
        """The button with this label in the dialog on top, else on the page."""
        self._front().get_by_role("button", name=label, exact=True).first.click()

    def choose(self, label):
        self._front().get_by_label(label, exact=True).check()

    def fill(self, field, text):
        self._front().locator(f"[name={field}] input").first.fill(text)

    def create_in(self, field, name):
        """Type a name into a many2one and take the offer to create it."""
        self.fill(field, name)
        self.page.locator(".o_m2o_dropdown_option_create, .dropdown-item", has_text="Create").first.click()

    def save_dialog(self):
        self.press("Save")
        expect(self.page.locator(".modal")).to_have_count(0)

    def open_page(self, name):
        self.page.locator(f".o_notebook a[name={name}]").click()

    def upload(self, label, path):
        with self.page.expect_file_chooser() as chooser:
            self.press(label)
        chooser.value.set_files(path)

    def expect_text(self, text):
        expect(self._front().get_by_text(text).first).to_be_visible()

    def wait_until_saved(self):
        expect(self.page.locator(".modal")).to_have_count(0)
        self.page.wait_for_selector(".o_form_view")

    def _front(self):
        dialogs = self.page.locator(".modal .modal-dialog")
        return dialogs.last if dialogs.count() else self.page.locator("body")
