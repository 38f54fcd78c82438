def migrate(cr, version):
    """Months that are open get the new point of their checklists."""
    cr.execute(
        """
        INSERT INTO utility_billing_period_check (period_id, company_id, code, sequence)
        SELECT period.id, period.company_id, 'staged', 1 + (
            SELECT COALESCE(max(sequence), 0) FROM utility_billing_period_check
            WHERE period_id = period.id
        )
        FROM utility_billing_period period
        WHERE period.state = 'open' AND NOT EXISTS (
            SELECT FROM utility_billing_period_check
            WHERE period_id = period.id AND code = 'staged'
        )
        """
    )
