from . import settings
from . import rates
from . import sharing
from . import reliefs
from . import months
from . import ledger
