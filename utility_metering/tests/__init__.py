from . import test_meter_work
from . import test_meter_papers
