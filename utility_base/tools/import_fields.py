"""What a target of imports says about each of its fields."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportField:
    """One thing that a row may say.

    :param name: key in the row's values
    :param kind: char, text, integer, number, money, date, boolean or selection
    :param required: a row without it is bad
    :param default: text that is read when the file says nothing and the profile has no default
    :param choices: for selections: ((value, label), ...); values and labels are accepted
    :param aliases: headers, in any language, by which the column is guessed
    :param looks_up: what the text is the key of, for people: “account by its number”
    """

    name: str
    label: str
    kind: str = "char"
    required: bool = False
    help: str = ""
    default: str = ""
    choices: tuple = ()
    aliases: tuple = ()
    looks_up: str = ""


def plain(text):
    """A header or a choice as it is compared: lower case, letters and digits only."""
    return "".join(char for char in (text or "").casefold() if char.isalnum())
