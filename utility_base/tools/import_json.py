"""Rows of files as JSON, by an encoder that is made once."""

import json


def _as_json(value):
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


dumps = json.JSONEncoder(ensure_ascii=False, default=_as_json).encode
