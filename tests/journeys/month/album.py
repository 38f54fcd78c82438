"""Pictures of what a story shows, for the documents."""

import os
import subprocess
from pathlib import Path

WIDE = {"width": 1280, "height": 800}


class Album:
    """Pictures go to the folder that `PICTURES` names; without it, nobody looks."""

    def __init__(self):
        folder = os.environ.get("PICTURES")
        self.folder = Path(folder) if folder else None

    def take(self, tab, name):
        """Keep what a tab shows, in the documents' size."""
        if not self.folder:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        before = tab.page.viewport_size
        tab.page.set_viewport_size(WIDE)
        # no hint of what the mouse rests on
        tab.page.mouse.move(0, 0)
        # lists and charts are drawn anew for the new size
        tab.page.wait_for_timeout(1200)
        tab.page.screenshot(path=self.folder / f"{name}.png")
        tab.page.set_viewport_size(before)

    def paper(self, pdf, name):
        """Keep the first page of a PDF (bytes)."""
        if not self.folder:
            return
        command = ["pdftoppm", "-png", "-r", "80", "-singlefile", "-", self.folder / name]
        subprocess.run([str(part) for part in command], input=pdf, check=True)
