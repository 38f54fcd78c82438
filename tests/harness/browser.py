"""Debian's Chromium, driven by Playwright, with an ear on what the pages complain about."""

import os
import shutil
from urllib.parse import urlsplit

from playwright.sync_api import expect, sync_playwright

from suite import layout

CHROMIUM = shutil.which("chromium") or "chromium"
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
SECONDS = 60
LOCAL_HOSTS = {"localhost", "127.0.0.1"}
# a slow machine is no fault of a page
expect.set_options(timeout=SECONDS * 1000)


class Visit:
    """One tab: `page` is Playwright's; what went wrong on it is collected meanwhile."""

    def __init__(self, context, url):
        self.context = context
        self.url = url
        self.console_errors = []
        self.outside_requests = []
        self.bad_answers = []
        self.page = context.new_page()
        self.page.set_default_timeout(SECONDS * 1000)
        self.page.on("console", self._hear_console)
        self.page.on("pageerror", lambda error: self.console_errors.append(str(error)))
        self.page.on("request", self._hear_request)
        self.page.on("response", self._hear_answer)

    @property
    def complaints(self):
        """Everything that a page without faults would not have caused."""
        return [*self.console_errors, *self.outside_requests, *self.bad_answers]

    def go(self, path):
        self.page.goto(self.url + path)
        return self.page

    def log_in(self, login, password=None):
        self.go("/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password or login)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(lambda url: "/web/login" not in url)

    def picture(self, name):
        """Save what the tab shows; returns the file."""
        folder = layout.LOGS / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name.replace(os.sep, '_')}.png"
        self.page.screenshot(path=file)
        return file

    def close(self):
        self.context.close()

    def _hear_console(self, message):
        if message.type == "error":
            self.console_errors.append(f"{message.text} ({message.location.get('url')})")

    def _hear_request(self, request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws") and address.hostname not in LOCAL_HOSTS:
            self.outside_requests.append(request.url)

    def _hear_answer(self, answer):
        if answer.status >= 400:
            self.bad_answers.append(f"{answer.status} {answer.url}")


class Browser:
    """One Chromium for all tests; every visit has cookies of its own."""

    def __enter__(self):
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        return self

    def __exit__(self, *_error):
        self.chromium.close()
        self.playwright.stop()

    def visit(self, url, login=None, phone=False):
        visit = Visit(self.chromium.new_context(**(PHONE if phone else DESKTOP)), url)
        if login:
            visit.log_in(login)
        return visit
