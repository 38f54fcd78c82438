# whoever made a characteristic "dwellings" keeps it: it becomes the one that is shipped
def migrate(cr, version):
    cr.execute(
        """
        INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
        SELECT 'utility_billing', 'attribute_dwellings', 'utility.attribute', id, TRUE
        FROM utility_attribute WHERE code = 'dwellings'
        ON CONFLICT (module, name) DO NOTHING
        """
    )
    cr.execute(
        """
        INSERT INTO utility_attribute_premise_type_rel (attribute_id, premise_type_id)
        SELECT attribute.id, data.res_id FROM utility_attribute attribute
        JOIN ir_model_data data ON data.module = 'utility_base'
            AND data.name IN ('premise_type_apartment_building', 'premise_type_entrance')
        WHERE attribute.code = 'dwellings' AND EXISTS (
            SELECT FROM utility_attribute_premise_type_rel rel
            WHERE rel.attribute_id = attribute.id
        )
        ON CONFLICT DO NOTHING
        """
    )
