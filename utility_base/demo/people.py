from odoo import models


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_people(self):
        """Everybody who owns, lives or pays, and where."""
        town, premises, known = self._town(), self._premises(), self._partners()
        newcomers = [person for person in town.people if person.ref not in known]
        known.update(
            zip(
                (person.ref for person in newcomers),
                self.env["res.partner"].create(
                    [
                        self._prepare_partner_vals(person, premises.get(person.home))
                        for person in newcomers
                    ]
                ),
                strict=True,
            )
        )
        self.env["utility.occupancy"].create(
            [self._prepare_occupancy_vals(stay, premises, known) for stay in town.stays]
        )

    def _prepare_partner_vals(self, person, home):
        vals = {
            "name": person.name,
            "ref": person.ref,
            "is_company": person.is_company,
            "email": person.email,
            "phone": person.phone,
            "country_id": self.env.ref("base.lt").id,
            "tz": "Europe/Vilnius",
        }
        if person.is_company:
            vals["company_registry"] = person.registry
        else:
            vals["utility_birth_date"] = person.birth
            vals["utility_personal_code"] = person.personal_code
        if home:
            town = home.locality_id
            vals.update(
                street=home.address.removesuffix(f", {town.name}"),
                city=town.name,
                zip=home.postcode or home.building_id.postcode,
            )
        return vals

    def _prepare_occupancy_vals(self, stay, premises, partners):
        return self._fact(
            stay.start,
            stay.end,
            premise_id=premises[stay.place].id,
            partner_id=partners[stay.person].id,
            role=stay.role,
            share=stay.share,
            is_resident=stay.lives,
            is_registered=stay.registered,
            basis=stay.basis,
            note=stay.note,
        )
