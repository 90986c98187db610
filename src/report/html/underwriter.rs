//! The offer for the underwriter: key figures, and the sections that defend them.

use maud::{Markup, Render, html};

use basics::Money;
use offer::{PartTotals, ScoringNote};

use super::figures::{NONE, apr, fee_share, percent, rate, ratio, share, share_or_none, sum};
use super::say::{say, sentence};
use super::table::{Table, number, row, text};
use super::view::PartView;
use super::{
    ageing, borrowing_base, changes, collections, concentration, header, held, lines, overview,
    queue, waterfall,
};

/// The section for the underwriter.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    html! {
        section id={ (view.id) "-underwriter" } {
            h3 { (say("page.for_the_underwriter")) }
            (header::notices(view.part, false))
            h4 { (say("label.key_figures")) }
            (key_figures(view).render())
            (waterfall::section(view))
            (borrowing_base::section(view))
            (held::section(view))
            (queue::section(view))
            (changes::section(view))
            (ageing::section(view))
            (concentration::section(view))
            (collections::section(view))
            (conditions(view))
            (lines::not_bought(view))
            (lines::bought(view))
        }
    }
}

fn key_figures(view: &PartView<'_>) -> Table {
    let mut rows = amounts(view);
    rows.extend(rates(view));
    let columns =
        vec![text(say("label.figure")), number(say("label.value")), text(say("label.note"))];
    Table::new(say("label.key_figures"), columns, rows)
}

fn amounts(view: &PartView<'_>) -> Vec<Vec<Markup>> {
    let totals = &view.part.totals;
    let bought = totals.amount_bought;
    let open = sentence("page_figures.open_invoices").count("invoices", totals.open_invoices);
    let bought_of = sentence("page_figures.bought")
        .count("invoices", totals.bought_invoices)
        .with("share", of_gross(bought, totals));
    let fee = sentence("page_figures.fee")
        .with("share", fee_of_bought(totals))
        .with("apr", apr(totals.apr_percent));
    let expected_fee =
        sentence("page_figures.expected_fee_is").with("apr", apr(totals.apr_percent));
    let loss = match ratio(totals.expected_loss, totals.advance) {
        None => html! { (say("page_figures.advance_is_zero")) },
        Some(part) => sentence("page_figures.of_advance").with("share", share(part)).render(),
    };
    let mut rows = vec![
        row![say("label.gross_ledger"), sum(totals.gross), open],
        row![say("label.amount_bought"), sum(bought), bought_of],
    ];
    if let Some(late) = totals.bought_past_due {
        rows.push(row![say("page_figures.past_due"), sum(late), of_bought(late, totals)]);
    }
    rows.extend([
        row![say("label.advance"), sum(totals.advance), of_gross(totals.advance, totals)],
        row![say("label.reserve"), sum(totals.reserve), of_bought(totals.reserve, totals)],
        row![say("label.fee_expected_case"), sum(totals.fee), fee],
        row![
            say("page_figures.rebate"),
            sum(totals.expected_rebate),
            say("page_figures.rebate_is")
        ],
        row![say("page_figures.expected_fee"), sum(totals.expected_fee), expected_fee],
        row![say("label.expected_loss"), sum(totals.expected_loss), loss],
    ]);
    rows
}

fn of_gross(part: Money, totals: &PartTotals) -> Markup {
    match ratio(part, totals.gross) {
        None => html! { (say("page_figures.gross_is_zero")) },
        Some(part) => sentence("page_figures.of_gross").with("share", share(part)).render(),
    }
}

fn of_bought(part: Money, totals: &PartTotals) -> Markup {
    match ratio(part, totals.amount_bought) {
        None => html! { (say("page_figures.bought_is_zero")) },
        Some(part) => sentence("page_figures.of_bought").with("share", share(part)).render(),
    }
}

fn fee_of_bought(totals: &PartTotals) -> Markup {
    if totals.amount_bought.minor() == 0 {
        return html! { (say("page_figures.bought_is_zero")) };
    }
    let share = fee_share(totals.fee, totals.amount_bought);
    sentence("page_figures.of_bought").with("share", share).render()
}

fn rates(view: &PartView<'_>) -> Vec<Vec<Markup>> {
    let (totals, terms) = (&view.part.totals, &view.part.terms);
    let (before, after) = view.part.yields.map_or((None, None), |yields| {
        (Some(yields.before_cost_of_funds_percent), Some(yields.after_cost_of_funds_percent))
    });
    let advance_rate = view.policy.map(|policy| {
        sentence("page_figures.advance_rate_is")
            .with("cap", rate(policy.advance_cap()))
            .with("threshold", rate(policy.dilution_threshold()))
    });
    let cost = view.policy.map(|policy| {
        let (cost, count) = policy.cost_of_funds();
        sentence("page_figures.yield_after_is")
            .with("cost", rate(cost))
            .with("day_count", count.as_str())
    });
    let hurdle = terms
        .hurdle_percent
        .map(|hurdle| sentence("page_figures.return_is").with("hurdle", apr(Some(hurdle))));
    vec![
        row![
            say("label.advance_rate"),
            rate(totals.advance_rate_percent),
            html! { @if let Some(note) = advance_rate { (note) } }
        ],
        row![say("label.discount_rate"), rate(terms.discount_rate_percent), terms.fee_plan.words()],
        row![
            say("page_figures.shortfall"),
            share_or_none(terms.reserve_shortfall_probability),
            say("page_figures.shortfall_is")
        ],
        row![
            say("page_figures.return"),
            apr(terms.return_percent),
            html! { @if let Some(note) = hurdle { (note) } }
        ],
        row![
            say("page_figures.dilution"),
            rate(totals.dilution_percent),
            say("page_figures.dilution_is")
        ],
        row![say("label.apr"), apr(totals.apr_percent), say("page_figures.apr_is")],
        row![say("page_figures.yield_before"), apr(before), say("page_figures.yield_before_is")],
        row![
            say("page_figures.yield_after"),
            apr(after),
            html! { @if let Some(note) = cost { (note) } }
        ],
        mean_days(totals),
        scoring(&view.part.scoring),
    ]
}

fn mean_days(totals: &PartTotals) -> Vec<Markup> {
    let days = totals
        .mean_expected_days
        .map(|days| sentence("page_figures.mean_days_value").with("days", format!("{days:.1}")));
    row![
        say("page_figures.mean_days"),
        html! { @if let Some(days) = days { (days) } @else { (NONE) } },
        say("page_figures.mean_days_is")
    ]
}

fn scoring(scoring: &ScoringNote) -> Vec<Markup> {
    let basis = sentence("page_figures.scoring_is")
        .with("basis", overview::basis(scoring.basis))
        .count("paid", scoring.paid_invoices)
        .with("weight", percent(100.0 * scoring.own_history_weight, 0));
    row![say("page_figures.scoring"), scoring.model, basis]
}

fn conditions(view: &PartView<'_>) -> Markup {
    html! {
        h4 id={ (view.id) "-conditions" } { (say("page_conditions.title")) }
        @if view.part.conditions.is_empty() {
            p { (say("page_conditions.none")) }
        } @else {
            p { (say("page_conditions.lead")) }
            ul {
                @for condition in &view.part.conditions {
                    @let item = sentence("page_conditions.item")
                        .with("code", html! { code { (condition.rule.code()) } })
                        .count("invoices", condition.invoices)
                        .with("sentence", &condition.sentence);
                    li { (item) }
                }
            }
        }
    }
}
