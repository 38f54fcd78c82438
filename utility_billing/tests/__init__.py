from . import test_explanation
