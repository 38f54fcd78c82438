from odoo.tools import sql

# a list's payments are found by (list, id), open ones by (company, state); the rest of these says
# too little to be looked for by, and cost each payment three entries at each of its steps
DROPPED = ("batch_id", "company_id", "state")


def migrate(cr, version):
    for column in DROPPED:
        name = sql.make_index_name("utility_payment", column)
        sql.drop_index(cr, name, "utility_payment")
