"""Files that come in."""


def import_file(tab, profile, path, count):
    """Upload, read and check, import; all rows are good."""
    tab.open("utility-imports/new")
    tab.take("profile_id", profile)
    tab.set_file("file", path)
    tab.save()
    tab.press("Read and Check")
    tab.press("Import the Good Rows")
    tab.expect_value("imported_count", str(count))
