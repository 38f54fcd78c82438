from . import settings
from . import meters
from . import quantities
