import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const isState = (label) => ({trigger: `.o_arrow_button_current:contains(${label})`});

/**
 * A list of two payments is matched: one registers itself; the other may be for two accounts, is
 * placed on the second one and registered. What it covers is looked at, then its entry.
 */
tours.add("utility_billing.accountant_payments", {
    steps: () => [
        {
            content: "The list of the bank",
            trigger: ".o_data_row td[name=collector_id]:contains(Swedbank)",
            run: "click",
        },
        {trigger: "button[name=action_match]:contains(Match)", run: "click"},
        isState("To Review"),
        {
            content: "One is registered, one waits",
            trigger: ".o_field_widget[name=registered_count]:contains(1)",
        },
        {trigger: ".alert-info button[name=action_open_unplaced]", run: "click"},
        {trigger: ".o_data_row td[name=reference]:contains(100001)", run: "click"},
        isState("Doubtful"),
        {
            content: "The one that owes just this sum",
            trigger:
                ".o_utility_candidates .o_kanban_record:contains(B-100001):contains(exactly this sum) button[name=action_choose]",
            run: "click",
        },
        isState("Matched"),
        {trigger: "button[name=action_register_now]", run: "click"},
        isState("Registered"),
        {trigger: ".o_notebook a[name=allocations]", run: "click"},
        {
            content: "What it covers",
            trigger: "[name=allocation_ids] .o_data_row:contains(Waste):contains(20.00)",
        },
        {trigger: "button[name=action_open_entry]", run: "click"},
        {
            content: "The entry behind it",
            trigger: "[name=line_ids] .o_data_row:contains(121000):contains(20.00)",
        },
        {trigger: "[name=line_ids] .o_data_row:contains(272000):contains(20.00)"},
    ],
});

/** What was collected for a creditor is counted, approved and put into the ledger. */
tours.add("utility_billing.accountant_settlement", {
    steps: () => [
        {
            trigger: ".o_data_row td[name=creditor_id]:contains(Waste Company)",
            run: "click",
        },
        {trigger: "button[name=action_count]:contains(Count)", run: "click"},
        {trigger: "[name=service_ids] .o_data_row:contains(Waste):contains(60.00)"},
        {trigger: "button[name=action_approve]", run: "click"},
        isState("Approved"),
        {trigger: "button[name=action_post]", run: "click"},
        {trigger: ".modal-footer .btn-primary", run: "click"},
        isState("In the Ledger"),
        {trigger: ".o_field_widget[name=payable]:contains(60.00)"},
    ],
});

/** The month's checklist: money is placed, in balance and covered. */
tours.add("utility_billing.accountant_month", {
    steps: () => [
        {trigger: ".o_data_row td[name=name]:contains(February 2026)", run: "click"},
        {trigger: "[name=check_ids] .o_data_row.text-success:contains(All payments are placed)"},
        {trigger: "[name=check_ids] .o_data_row.text-success:contains(The trial balance agrees)"},
        {
            trigger:
                "[name=check_ids] .o_data_row.text-success:contains(agrees with what payments cover)",
        },
    ],
});
