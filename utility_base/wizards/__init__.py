from . import void_wizard
