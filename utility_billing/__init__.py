from . import models
from . import demo
from . import tools
from . import wizards
from . import demo
