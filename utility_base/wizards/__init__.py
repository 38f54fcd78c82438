from . import attribute_mass_line
from . import attribute_mass_wizard
from . import building_access_wizard
from . import move_wizard
from . import void_wizard
