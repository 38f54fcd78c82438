"""Files that may be packed: one ZIP with many of them, read one after another."""

import io
import zipfile
import zlib

from .errors import FormatError, problem

MAX_BYTES = 2 * 1024**3
MAX_RATIO = 300
RATIO_FROM = 50 * 1024**2
MAX_MEMBERS = 2000
BROKEN = (zipfile.BadZipFile, NotImplementedError, OSError)


class LimitedReader(io.RawIOBase):
    """Reads on from a stream until more comes out of it than may.

    :param most: bytes
    """

    def __init__(self, stream, most, name):
        super().__init__()
        self.stream = stream
        self.most = most
        self.name = name
        self.count = 0

    def readable(self):
        return True

    def read(self, size=-1):
        try:
            data = self.stream.read(size)
        except (*BROKEN, EOFError, RuntimeError, zlib.error) as error:
            raise FormatError("bad_zip") from error
        self.count += len(data)
        if self.count > self.most:
            raise FormatError("zip_bomb", name=self.name, size=self.most)
        return data


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
    if len(files) > MAX_MEMBERS:
        raise FormatError("zip_bomb", name="", size=MAX_MEMBERS)
    for info in files:
        if info.flag_bits & 1:
            raise FormatError("zip_locked", name=info.filename)
        most = min(MAX_BYTES, max(RATIO_FROM, info.compress_size * MAX_RATIO))

        def reopen(info=info, most=most):
            return LimitedReader(_opened(archive, info), most, info.filename)

        if is_wanted(reopen().read(512)):
            yield info.filename, reopen
        else:
            notes.append(problem("zip_other", name=info.filename))


def _opened(archive, info):
    try:
        return archive.open(info)
    except BROKEN as error:
        raise FormatError("bad_zip") from error
