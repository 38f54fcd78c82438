from . import test_ledger_reports
