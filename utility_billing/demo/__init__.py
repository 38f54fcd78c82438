from . import settings
from . import rates
