"""How an address is written from its parts, and how it sorts."""

import re
import unicodedata


def compose(level, parts, name):
    """The address as people write it: “Laisvės al. 12-5, Kaunas”.

    :param level: level of the premise itself
    :param parts: {level: name with its label} of the premise and what is above it
    :param name: the premise's own name, for what has no address
    """
    line = parts.get("street", "")
    if "building" in parts:
        line = f"{line} {parts['building']}".strip()
    if "unit" in parts:
        joint = "-" if "building" in parts and parts["unit"][:1].isdigit() else ", "
        line = f"{line}{joint}{parts['unit']}" if line else parts["unit"]
    found = [line, parts.get("section") if level == "section" else ""]
    found += [parts.get(level) for level in ("site", "locality")]
    if level == "territory" or not any(found):
        found.append(parts.get("territory"))
    return ", ".join(part for part in found if part) or name or ""


def labelled(name, label, label_after):
    """“Laisvės al.”, “ent. 2”."""
    if not label:
        return name or ""
    words = (name, label) if label_after else (label, name)
    return " ".join(word for word in words if word)


def sort_key(above, name):
    """Sorts by town, street, house and flat: what is above, then the name without case and
    diacritics and with every number padded to six digits, so that 2 comes before 10.

    :param above: the key of the premise above, may be empty
    """
    plain = unicodedata.normalize("NFKD", (name or "").lower())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    own = re.sub(r"\d+", lambda number: number.group().zfill(6), letters)
    return "/".join(part for part in (above, own) if part)
