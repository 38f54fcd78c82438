"""Payments that are still lines of files."""

from odoo.tools import SQL

# lines of files of payments that did not become payments yet: bad ones, and good ones of a file
# that was not imported; what is not sure of a day or a sum is said as well as it can be
STAGED = SQL(
    r"""
    SELECT line.id, file.company_id, profile.collector_id, line.reason,
        line.parsed->>'payer_name' AS payer_name,
        COALESCE(currency.id, company.currency_id) AS currency_id,
        CASE WHEN line.parsed->>'date' ~ '^\d{4}-\d{2}-\d{2}$'
            AND NOT COALESCE(line.problem_fields, '[]') ? 'date'
            THEN (line.parsed->>'date')::date ELSE file.create_date::date END AS date,
        CASE WHEN jsonb_typeof(line.parsed->'amount') IS DISTINCT FROM 'number' THEN 0
            WHEN line.parsed->>'direction' = 'debit' THEN -abs((line.parsed->>'amount')::numeric)
            ELSE (line.parsed->>'amount')::numeric END AS amount
    FROM utility_import_batch file
    JOIN utility_import_profile profile
        ON profile.id = file.profile_id AND profile.target = 'payments'
    JOIN utility_import_row line
        ON line.batch_id = file.id AND line.state IN ('new', 'valid', 'invalid')
    JOIN res_company company ON company.id = file.company_id
    LEFT JOIN res_currency currency ON currency.name = upper(trim(line.parsed->>'currency'))
    WHERE file.state NOT IN ('draft', 'done', 'cancelled', 'undone')
    """
)
