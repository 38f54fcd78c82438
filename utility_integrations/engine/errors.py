"""What is wrong with a file: a code and its details, told in words by the models."""


class FormatError(ValueError):
    """The file as a whole cannot be read.

    :ivar code: what is wrong; `utility.import.reader._format_words` tells it
    :ivar details: {name: value} that the words mention
    """

    def __init__(self, code, **details):
        super().__init__(code)
        self.code = code
        self.details = details


def problem(code, **details):
    """What is wrong with one line, or with a statement's sums: (code, details)."""
    return code, details
