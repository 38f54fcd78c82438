import {registry} from "@web/core/registry";

/**
 * A cashier's day by keyboard: the drawer holds 100; Petraitis is found by his name and pays
 * 10 of what it owes out of 50; a second receipt is voided; the drawer is 5 short.
 */
registry.category("web_tour.tours").add("utility_billing.cash_desk", {
    steps: () => [
        {content: "Nobody has opened the drawer", trigger: "h2:contains(Your shift is not open)"},
        {trigger: ".o_utility_cash_float", run: "edit 100 && press Enter"},
        {trigger: "[data-focus=search]:focus", run: "edit Petraitis && press Enter"},
        {trigger: ".o_utility_cash_card:contains(Petraitis):contains(By service)"},
        {
            content: "What is owed is filled in; less is paid",
            trigger: ".o_utility_cash_amount:focus",
            run: "edit 10 && press Enter",
        },
        {trigger: ".o_utility_cash_given:focus", run: "edit 50"},
        {trigger: ".o_utility_cash_back:contains(Change to give):contains(40.00)"},
        {trigger: ".o_utility_cash_given", run: "press Enter"},
        {trigger: ".o_utility_cash_change:contains(40.00)"},
        {trigger: ".o_utility_cash_next:focus", run: "press Enter"},
        {trigger: "[data-focus=search]:focus", run: "edit nobody here && press Enter"},
        {trigger: ".o_utility_cash_found:contains(Nothing is found)"},
        {trigger: "[data-focus=search]", run: "edit Petraitis && press Enter"},
        {
            content: "Less is given than is to be taken: nothing typed is lost",
            trigger: ".o_utility_cash_amount:focus",
            run: "edit 7,50 && press Enter",
        },
        {trigger: ".o_utility_cash_given:focus", run: "edit 5"},
        {trigger: ".o_utility_cash_back:contains(Missing):contains(2.50)"},
        {trigger: ".o_utility_cash_take:disabled"},
        {trigger: ".o_utility_cash_given", run: "edit 7.50 && press Enter"},
        {trigger: ".o_utility_cash_done"},
        {trigger: ".o_utility_cash_show", run: "click"},
        {trigger: "tr[data-receipt=K1-2] .o_utility_cash_void", run: "click"},
        {trigger: ".o_utility_cash_reason", run: "edit Wrong account"},
        {trigger: ".o_utility_cash_do_void:enabled", run: "click"},
        {trigger: "tr[data-receipt=K1-2].o_void:contains(Wrong account)"},
        {trigger: ".o_utility_cash_drawer:contains(110.00)"},
        {trigger: ".o_utility_cash_count_button", run: "click"},
        {trigger: "input[data-value='100']", run: "edit 1"},
        {trigger: "input[data-value='5']", run: "edit 1"},
        {trigger: ".o_utility_cash_result:contains(Short):contains(105.00)"},
        {trigger: ".o_utility_cash_to_bank", run: "edit 100"},
        {trigger: ".o_utility_cash_close", run: "click"},
        {trigger: ".o_utility_cash_closed:contains(5.00):contains(Print Report)"},
    ],
});
