from . import test_kit
from . import test_dated_mixin
from . import test_dated_history
