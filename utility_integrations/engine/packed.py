"""Files that may be packed: one ZIP with many of them, read one after another."""

import zipfile
import zlib

from .errors import FormatError, problem

MAX_BYTES = 2 * 1024**3
MAX_RATIO = 300
LARGE = 50 * 1024**2
MAX_FILES = 2000
BROKEN = (zipfile.BadZipFile, NotImplementedError, OSError)


class _Member:
    """A file inside, whose damage is told as the ZIP's."""

    def __init__(self, stream):
        self.stream = stream

    # a stream's method, no model's
    def read(self, size=-1):  # pylint: disable=method-required-super
        try:
            return self.stream.read(size)
        except (*BROKEN, EOFError, RuntimeError, zlib.error) as error:
            raise FormatError("bad_zip") from error


def is_zip(stream):
    stream.seek(0)
    return stream.read(4) == b"PK\x03\x04"


def members(stream, is_wanted, notes):
    """(name, reopen) of each file inside, or of the stream itself when it is no ZIP; `reopen`
    gives a binary stream at its beginning.

    :param is_wanted: function of a file's first bytes; the others are named in `notes`
    :param notes: list of (code, details) to add to
    :raise FormatError: the ZIP is damaged, locked, or grows beyond all measure
    """
    if not is_zip(stream):

        def rewound():
            stream.seek(0)
            return stream

        yield "", rewound
        return
    try:
        archive = zipfile.ZipFile(stream)
    except (*BROKEN, ValueError) as error:
        raise FormatError("bad_zip") from error
    with archive:
        yield from _unpacked(archive, is_wanted, notes)


def _unpacked(archive, is_wanted, notes):
    files = [info for info in archive.infolist() if not info.is_dir()]
    _refuse_bomb(files)
    for info in files:
        if info.flag_bits & 1:
            raise FormatError("zip_locked", name=info.filename)

        def reopen(info=info):
            return _Member(_opened(archive, info))

        if is_wanted(reopen().read(512)):
            yield info.filename, reopen
        else:
            notes.append(problem("zip_other", name=info.filename))


def _refuse_bomb(files):
    """`zipfile` reads no more of a file than the list says: a list that lies does no harm."""
    total = sum(info.file_size for info in files)
    packed = sum(info.compress_size for info in files)
    tight = total > LARGE and total > packed * MAX_RATIO
    if len(files) > MAX_FILES or total > MAX_BYTES or tight:
        raise FormatError("zip_bomb", size=total)


def _opened(archive, info):
    try:
        return archive.open(info)
    except BROKEN as error:
        raise FormatError("bad_zip") from error
