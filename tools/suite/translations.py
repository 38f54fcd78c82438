"""`make i18n`: the modules' translation templates and files, brought in line with the code."""

from . import databases, layout, odoo, prepare


def run():
    """Returns the exit code."""
    prepare.everything()
    name = f"utility_test_{layout.clone_key()}_i18n"
    databases.drop(name)
    databases.copy(databases.suite(), name)
    try:
        print(odoo.inside("translations", name), end="")
    finally:
        databases.drop(name)
    return 0
