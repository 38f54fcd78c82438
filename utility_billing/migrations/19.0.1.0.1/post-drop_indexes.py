from odoo.tools import sql

# of columns that nothing is looked for by, or that another index begins with
DROPPED = {
    "utility_charge": ("agreement_id", "company_id", "month", "service_id"),
    "utility_charge_claim": ("account_id", "company_id"),
}


def migrate(cr, version):
    for table, columns in DROPPED.items():
        for column in columns:
            sql.drop_index(cr, sql.make_index_name(table, column), table)
