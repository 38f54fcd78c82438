import {registry} from "@web/core/registry";

const FIELD = (serial) => `.o_utility_entry_row[data-serial=${serial}] input[type=text]:focus`;

/** A clerk's five meters of house 12, typed by keyboard only; A500 is far above what is usual. */
registry.category("web_tour.tours").add("utility_metering.entry_grid", {
    steps: () => [
        {
            trigger: ".o_utility_entry_building input",
            run: "edit Savanorių 12",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Savanorių pr. 12)",
            run: "click",
        },
        {trigger: FIELD("A100"), run: "edit 104,25 && press Enter"},
        {trigger: ".o_utility_entry_row[data-serial=A100]:contains(4.250)"},
        {trigger: FIELD("A200"), run: "edit 3.5 && press Enter"},
        {trigger: FIELD("A300"), run: "edit 4 && press ArrowDown"},
        {trigger: FIELD("A400"), run: "edit 2 && press Enter"},
        {trigger: FIELD("A500"), run: "edit 9000 && press Enter"},
        {
            content: "A warning comes while the clerk types",
            trigger:
                ".o_utility_entry_row[data-serial=A500].o_verdict_hold .o_utility_entry_message",
        },
        {trigger: ".o_utility_entry_bar:contains(5 not saved):contains(doubtful)"},
        {trigger: ".o_utility_entry_save:focus", run: "press Control+s"},
        {trigger: ".o_utility_entry_bar:contains(5 of 5 on record):contains(1 held)"},
        {trigger: ".o_utility_entry_row[data-serial=A500]:contains(Held)"},
        {trigger: ".o_utility_entry_row[data-serial=A100]:contains(Accepted)"},
    ],
});
