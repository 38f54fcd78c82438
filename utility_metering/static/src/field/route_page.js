import {Component} from "@odoo/owl";
import {isLeft, matches} from "./values";

/** The places of a route in walking order; those with a check visit come first. */
export class RoutePage extends Component {
    static template = "utility_metering.FieldRoutePage";
    static props = {
        sheet: Object,
        filter: Object,
        onOpen: Function,
        onBack: Function,
        onReload: Function,
    };

    get premises() {
        return this.props.sheet.premises;
    }

    get leftCount() {
        return this.premises.filter(isLeft).length;
    }

    get done() {
        const all = this.premises.length;
        return all ? (100 * (all - this.leftCount)) / all : 0;
    }

    /** What is searched for is found whether it is read or not. */
    get shown() {
        const {search, onlyLeft} = this.props.filter;
        if (search.trim()) {
            return this.premises.filter((premise) => matches(premise, search.trim()));
        }
        return onlyLeft ? this.premises.filter(isLeft) : this.premises;
    }

    get groups() {
        const visits = this.shown.filter((premise) => premise.visits.length);
        const groups = visits.length ? [{name: null, premises: visits}] : [];
        for (const premise of this.shown.filter(({visits}) => !visits.length)) {
            const group = groups.at(-1);
            if (group && group.name === premise.group) {
                group.premises.push(premise);
            } else {
                groups.push({name: premise.group, premises: [premise]});
            }
        }
        return groups;
    }

    /** Done, problem, or how many dials are left. */
    status(premise) {
        const registers = premise.meters.flatMap((meter) => meter.registers);
        const read = registers.filter((register) => register.read);
        return {
            left: registers.length - read.length,
            held: read.some((register) => register.read.state === "held"),
            waiting: read.some((register) => register.read.state === "waiting"),
            problem: read.some((register) => register.read.state === "refused"),
        };
    }

    serials(premise) {
        return premise.meters.map((meter) => meter.serial).join(", ");
    }
}
