from . import allocation_calculate
from . import allocation_preview
from . import allocation_spread
from . import allocation_spread_line
