"""Zipped files that would fill the memory once they are unpacked."""

import zipfile

# what the parts of a file may come to, in bytes; a workbook of a million rows has some 400 MB
MOST = 768 * 1024 * 1024
# of parts that are read as a whole, such as a workbook's table of texts
MOST_AT_ONCE = 128 * 1024 * 1024
MOST_PARTS = 5000
# what is packed more tightly than this, and is large, was made to harm
TIGHTEST = 250
LARGE = 32 * 1024 * 1024


class ArchiveBomb(ValueError):
    """:ivar size: bytes it would be
    :ivar limit: bytes that are allowed"""

    def __init__(self, size, limit):
        super().__init__(size, limit)
        self.size, self.limit = size, limit


def refuse_bomb(stream, streamed="xl/worksheets/"):
    """Look at the list of a zip file's parts before any is unpacked. `zipfile` reads no more of a
    part than the list says, so a list that lies harms nobody.

    :param stream: binary stream, rewound afterwards
    :param streamed: beginning of the names of parts that are read piece by piece
    :raise ArchiveBomb: it is too large
    :raise zipfile.BadZipFile: it is no zip file
    """
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
    stream.seek(0)
    total = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    at_once = sum(part.file_size for part in parts if not part.filename.startswith(streamed))
    if total > MOST or len(parts) > MOST_PARTS:
        raise ArchiveBomb(total, MOST)
    if at_once > MOST_AT_ONCE:
        raise ArchiveBomb(at_once, MOST_AT_ONCE)
    if total > LARGE and total > packed * TIGHTEST:
        raise ArchiveBomb(total, LARGE)
