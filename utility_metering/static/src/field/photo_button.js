import {Component, useState} from "@odoo/owl";
import {_t} from "./l10n";
import {shrink} from "./photo";

/** Takes a photo with the phone's camera. */
export class PhotoButton extends Component {
    static template = "utility_metering.FieldPhotoButton";
    static props = {photo: String, onPhoto: Function};

    setup() {
        this.state = useState({problem: "", busy: false});
    }

    async onChange(ev) {
        const [file] = ev.target.files;
        ev.target.value = "";
        if (!file) {
            return;
        }
        Object.assign(this.state, {problem: "", busy: true});
        try {
            this.props.onPhoto(await shrink(file));
        } catch {
            this.state.problem = _t("This file is not a photo. Take another one.");
        }
        this.state.busy = false;
    }
}
