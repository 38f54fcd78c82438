"""DBF tables (dBASE, FoxPro), as clients of banks and collectors in the region still give them."""

import os
import struct
import tempfile
from collections import deque
from contextlib import contextmanager

import dbfread
from dbfread.codepages import guess_encoding

from .errors import FormatError

CHUNK = 1024 * 1024
SAMPLED = 200


class _Parser(dbfread.FieldParser):
    """Numbers and days that cannot be read stay the text that they are."""

    def parse(self, field, data):
        try:
            return super().parse(field, data)
        except UnicodeDecodeError:
            raise
        except (ValueError, IndexError, struct.error):
            return self.decode_text(data).strip()


def read(stream, encoding):
    """(number of the record, {column: value}, None) of each record that is not deleted.

    Values are text, numbers and days as the table types them.

    :param stream: binary stream that can be rewound
    :param encoding: name of an encoding
    :raise FormatError: it is no table, is cut off, or not in that encoding
    """
    with _on_disk(stream) as name:
        table = _open(name, encoding)
        _refuse_cut(table)
        count = 0
        try:
            for count, record in enumerate(table, start=1):
                yield count, {key: _value(value) for key, value in record.items()}, None
        except UnicodeDecodeError as error:
            raise FormatError("dbf_encoding", encoding=encoding, record=count + 1) from error


def _refuse_cut(table):
    header = table.header
    room = os.path.getsize(table.filename) - header.headerlen
    if room < header.numrecords * header.recordlen:
        raise FormatError("dbf_cut", stated=header.numrecords, read=room // header.recordlen)


def stated_encoding(stream):
    """The encoding that the table's own mark names, None when it names none."""
    stream.seek(29)
    mark = stream.read(1)
    try:
        return guess_encoding(mark[0]) if mark and mark[0] else None
    except LookupError:
        return None


def text_sample(stream):
    """Bytes of the first records, each as a line: what an encoding can be guessed from."""
    stream.seek(8)
    head = stream.read(4)
    if len(head) < 4:
        return b""
    start, width = struct.unpack("<HH", head)
    stream.seek(start)
    records = (stream.read(width) for _place in range(SAMPLED if width else 0))
    return b"\n".join(deque(filter(None, records), maxlen=SAMPLED))


def _open(name, encoding):
    try:
        table = dbfread.DBF(
            name, encoding=encoding, parserclass=_Parser, ignore_missing_memofile=True
        )
    except UnicodeDecodeError as error:
        raise FormatError("dbf_encoding", encoding=encoding, record=0) from error
    except (ValueError, struct.error, TypeError, MemoryError) as error:
        raise FormatError("not_dbf") from error
    width = 1 + sum(field.length for field in table.fields)
    if not table.fields or table.header.recordlen < width:
        raise FormatError("not_dbf")
    return table


def _value(value):
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else value


@contextmanager
def _on_disk(stream):
    """The library opens tables by name."""
    stream.seek(0)
    with tempfile.NamedTemporaryFile(suffix=".dbf") as copy:
        while chunk := stream.read(CHUNK):
            copy.write(chunk)
        copy.flush()
        yield copy.name
