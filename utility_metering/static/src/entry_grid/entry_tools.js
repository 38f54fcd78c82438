import {AutoComplete} from "@web/core/autocomplete/autocomplete";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

import {Component} from "@odoo/owl";

/** What is read, when and by whom it was told: the choices above the lines. */
export class EntryTools extends Component {
    static template = "utility_metering.EntryTools";
    static components = {AutoComplete, DateTimeInput};
    static props = {
        options: Object,
        place: Object,
        sheet: {type: [Object, {value: false}]},
        source: String,
        isBounded: Boolean,
        onPlace: Function,
        onSource: Function,
    };

    setup() {
        this.entry = useService("utility_reading_entry");
    }

    get day() {
        return deserializeDate(this.props.place.date);
    }

    get sources() {
        return [{options: (term) => this.find(term)}];
    }

    async find(term) {
        const places = await this.entry.findPlaces(term);
        if (!places.length) {
            return [{label: _t("No building found"), cssClass: "text-muted"}];
        }
        return places.map(([id, label]) => ({
            label,
            onSelect: () => this.props.onPlace({premise_id: id, route_id: false}),
        }));
    }

    onDay(day) {
        if (day) {
            this.props.onPlace({date: serializeDate(day)});
        }
    }

    onService(value) {
        this.props.onPlace({service_id: Number(value) || false});
    }

    onRoute(value) {
        this.props.onPlace({route_id: Number(value) || false, premise_id: false});
    }

    onEntrance(value) {
        const premiseId = Number(value);
        this.props.onPlace({premise_id: premiseId}, premiseId === this.props.sheet.building.id);
    }
}
