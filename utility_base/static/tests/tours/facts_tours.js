import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Opened on an account whose payer of 2026 was corrected from Tomas to Ona on 10 February. */
tours.add("utility_base.timeline", {
    steps: () => [
        {trigger: "a.nav-link[name=timeline]", run: "click"},
        {trigger: ".o_utility_timeline_entry[data-key=payer]:contains(Ona Kazlauskienė)"},
        {trigger: ".o_utility_timeline:not(:has(.o_voided))"},
        {
            content: "Show what was found wrong",
            trigger: ".o_utility_timeline_voided",
            run: "click",
        },
        {trigger: ".o_voided:contains(Tomas Žukauskas):contains(Wrong buyer)"},
        {
            content: "What did we know before it was corrected",
            trigger: ".o_utility_timeline_knownOn input",
            run: "edit 02/05/2026 && press Enter",
        },
        {trigger: ".o_utility_timeline_viewpoint:contains(Feb 5, 2026)"},
        {trigger: ".o_utility_timeline:not(:contains(Ona Kazlauskienė))"},
        {trigger: ".o_utility_timeline_entry[data-key=payer]:contains(Tomas Žukauskas)"},
        {
            content: "What was in force earlier still",
            trigger: ".o_utility_timeline_inForceOn input",
            run: "edit 06/30/2025 && press Enter",
        },
        {trigger: ".o_utility_timeline:not(:contains(Tomas Žukauskas))"},
        {trigger: ".o_utility_timeline_entry[data-key=payer]:contains(Jonas Petraitis)"},
        {trigger: ".o_utility_timeline_viewpoint button", run: "click"},
        {trigger: ".o_utility_timeline_mode_bars", run: "click"},
        {trigger: ".o_utility_bars_lane[data-key=payer] .o_utility_bar:contains(Ona)"},
        {trigger: ".o_utility_timeline_mode_list", run: "click"},
        {
            content: "Open a fact",
            trigger: ".o_utility_timeline_title:contains(Ona Kazlauskienė)",
            run: "click",
        },
        {trigger: ".modal .o_form_view"},
        {trigger: ".modal .btn-close", run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ],
});

/** Opened on a premise where one owner has 50 % and whose attribute changed once. */
tours.add("utility_base.premise_facts", {
    steps: () => [
        {trigger: ".o_utility_shares:contains(Jonas Petraitis):contains(50 % without an owner)"},
        {trigger: ".o_utility_attribute:contains(Aukštis):contains(2.70)"},
        {
            trigger: ".o_utility_attribute:contains(Aukštis) .o_utility_attribute_toggle",
            run: "click",
        },
        {trigger: ".o_utility_attribute:contains(Aukštis) .o_utility_steps"},
        {trigger: ".o_utility_attribute_past:contains(2.50):contains(Ended)"},
    ],
});

/** Source W-0 feeds W-1, which feeds W-2. */
tours.add("utility_base.network", {
    steps: () => [
        {trigger: ".o_utility_node[data-code='W-1']"},
        {trigger: "body:not(:has(.o_utility_node[data-code='W-2']))"},
        {
            content: "Unfold a branch",
            trigger: ".o_utility_node[data-code='W-1'] .o_utility_node_toggle",
            run: "click",
        },
        {trigger: ".o_utility_node[data-code='W-2'].o_connection_disconnected"},
        {trigger: ".o_utility_network_outline", run: "click"},
        {trigger: ".o_utility_network_canvas.o_outline .o_utility_node[data-code='W-2']"},
        {trigger: ".o_utility_network_fold", run: "click"},
        {trigger: "body:not(:has(.o_utility_node[data-code='W-1']))"},
        {
            content: "Find a point by its code",
            trigger: ".o_utility_network_search input",
            run: "edit W-2",
        },
        {trigger: ".o-autocomplete--dropdown-item:contains(W-2)", run: "click"},
        {trigger: ".o_utility_node.o_marked[data-code='W-2']", run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=code] input:value(W-2)"},
        {trigger: ".o_back_button, .breadcrumb-item a", run: "click"},
        {content: "The same branches are open", trigger: ".o_utility_node[data-code='W-2']"},
    ],
});
