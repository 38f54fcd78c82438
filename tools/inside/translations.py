"""Write each module's .pot, and bring its .po files in line with it.

Translations are kept, what is no longer said is dropped, and a text that another module of the
suite has translated is taken from there. Prints how many texts are left without translation.
"""

import io
import sys
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

from inside.environment import database_argument, odoo_environment
from suite import layout

LANGUAGES = ("lt", "uk", "ru")
# machine-made, and different in every run
VOLATILE = ("POT-Creation-Date", "PO-Revision-Date")


def main():
    with odoo_environment(database_argument()) as env:
        for folder in layout.module_folders():
            template = _template(env, folder)
            if template:
                _save(template, folder / "i18n" / f"{folder.name}.pot")
    for language in LANGUAGES:
        _merge(language)


def _template(env, folder):
    text = io.BytesIO()
    if not trans_export(None, [folder.name], text, "po", env):
        return None
    return polib.pofile(text.getvalue().decode())


def _merge(language):
    known = {}
    files = {}
    for folder in layout.module_folders():
        path = folder / "i18n" / f"{language}.po"
        if path.is_file():
            files[path] = polib.pofile(str(path))
            known.update({entry.msgid: entry.msgstr for entry in files[path] if entry.msgstr})
    for folder in layout.module_folders():
        template = folder / "i18n" / f"{folder.name}.pot"
        if template.is_file():
            _merge_module(language, template, files.get(folder / "i18n" / f"{language}.po"), known)


def _merge_module(language, template, old, known):
    own = {entry.msgid: entry.msgstr for entry in old or () if entry.msgstr}
    merged = polib.pofile(str(template))
    merged.metadata["Language"] = language
    for entry in merged:
        entry.msgstr = own.get(entry.msgid) or known.get(entry.msgid, "")
    _save(merged, template.with_name(f"{language}.po"))
    left = len(merged.untranslated_entries())
    print(f"{template.parent.parent.name} {language}: {len(merged) - left} translated, {left} left")


def _save(catalogue, path: Path):
    path.parent.mkdir(exist_ok=True)
    for name in VOLATILE:
        catalogue.metadata.pop(name, None)
    catalogue.save(str(path))


if __name__ == "__main__":
    sys.exit(main())
