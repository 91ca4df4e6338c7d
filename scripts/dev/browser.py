"""A headless Chromium for pages of `aiobench report`. `dev pictures` and the tests use it.
It needs Debian's chromium, chromium-driver, python3-selenium and python3-pil.
"""
import base64
import importlib
import io
import json
import shutil
import socket
import tempfile
from contextlib import contextmanager

# These options disable the browser's own activity: network, first-run pages and updates.
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
           "--disable-background-networking", "--disable-component-update", "--disable-sync",
           "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb",
           "--disable-default-apps", "--disable-lcd-text", "--no-default-browser-check",
           "--disable-extensions")


def why_unavailable():
    """The reason why no browser can run on this machine; empty if one can."""
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    try:
        importlib.import_module("selenium")
        importlib.import_module("PIL")
    except ImportError as error:
        return f"{error.name} for Python is not installed"
    try:
        socket.getaddrinfo("localhost", None)
    except OSError:  # a system made by debootstrap has no /etc/hosts
        return "the name localhost, which chromedriver uses, cannot be resolved"
    return ""


def read_png(data):
    from PIL import Image
    return Image.open(io.BytesIO(data)).convert("RGB")


class Page:
    """A page that is open in the browser."""

    def __init__(self, driver):
        self.driver = driver
        self.show()

    def open(self, path):
        self.driver.get(path.resolve().as_uri())

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def command(self, name, **parameters):
        """A command of the Chrome DevTools protocol."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def show(self, width=1280, height=900, scheme="light", scale=1):
        """Sets the size of the window and the preferred colour scheme."""
        self.window = {"width": width, "height": height, "scheme": scheme, "scale": scale}
        self.command("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=scale, mobile=False)
        self.settle()

    def settle(self):
        """Waits until the page is redrawn after a change of size or colours."""
        self.driver.execute_async_script(
            "const done = arguments[0];"
            "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)));")

    def picture(self, clip):
        """A PIL image of the rectangle {x, y, width, height} of the page.

        The window is first made high enough to contain the rectangle. Chromium redraws the page at
        another scale if a part of the rectangle is outside the window.
        """
        before = self.window
        bottom = int(clip["y"] + clip["height"]) + 1
        self.show(**{**before, "height": max(before["height"], bottom)})
        shot = self.command("Page.captureScreenshot", format="png", clip={**clip, "scale": 1})
        self.show(**before)
        return read_png(base64.b64decode(shot["data"]))

    def pdf(self):
        return base64.b64decode(self.command("Page.printToPDF", preferCSSPageSize=True,
                                             printBackground=True)["data"])

    def complaints(self):
        """The messages on the browser's console since the last call."""
        return [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser")]

    def requests(self):
        """The URLs that the browser requested since the last call."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found


@contextmanager
def browser():
    """A Page in a new browser with an empty profile. The profile is removed at the end."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    profile = tempfile.mkdtemp(prefix="aiobench-browser-")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for option in (*OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    try:
        driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        try:
            yield Page(driver)
        finally:
            driver.quit()
    finally:
        shutil.rmtree(profile, ignore_errors=True)
