import {patch} from "@web/core/utils/patch";
import {NetworkAction} from "@utility_base/network/network_action";
import {shownMonth} from "./loss_badges";

const {DateTime} = luxon;

/** Lets the user choose the month whose losses the network shows. */
patch(NetworkAction.prototype, {
    setup() {
        shownMonth.value = "";
        super.setup();
    },

    draw() {
        const {lossMonths} = this;
        if (!lossMonths.includes(shownMonth.value)) {
            shownMonth.value = lossMonths[0] || "";
        }
        super.draw();
    },

    /** @returns {string[]} months with a balance among the loaded points, newest first */
    get lossMonths() {
        const months = Object.values(this.model.nodes).flatMap(({losses}) =>
            (losses || []).map(({month}) => month)
        );
        return [...new Set(months)].sort().reverse();
    },

    get lossOptions() {
        return this.lossMonths.map((month) => ({
            month,
            label: DateTime.fromISO(month).toFormat("LLLL yyyy"),
            isShown: month === shownMonth.value,
        }));
    },

    pickLossMonth(month) {
        shownMonth.value = month;
        this.draw();
    },
});
