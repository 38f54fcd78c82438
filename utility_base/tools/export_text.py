"""Texts that go out in tables which a spreadsheet opens."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(value, signs=FORMULA_SIGNS):
    """A cell of a CSV file that no spreadsheet takes for a formula: what begins like one, and is
    no number, gets an apostrophe in front.

    :param signs: what a text begins with that is taken for a formula

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    if not isinstance(value, str) or not value.startswith(signs) or _is_number(value):
        return value
    return f"'{value}"


def _is_number(text):
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return not text[:1].isspace()
