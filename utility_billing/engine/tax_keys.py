"""A charge's taxes as one text: their ids, in order, with commas."""


def tax_key(tax_ids):
    return ",".join(map(str, sorted(tax_ids)))


def tax_ids(key):
    """:param key: as `tax_key` makes it; nothing: no taxes"""
    return [int(tax_id) for tax_id in (key or "").split(",") if tax_id]
