# whether a batch has used its numbers is what its own state says
def migrate(cr, version):
    cr.execute("UPDATE utility_bill_range SET state = 'taken' WHERE state <> 'free'")
