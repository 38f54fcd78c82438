from . import ir_asset
from . import ir_qweb
