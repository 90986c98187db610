//! The offer for the underwriter: key figures, and the sections that defend them.

use maud::{Markup, html};

use super::figures::{NONE, apr, counted, percent, rate, ratio, share, share_or_none, sum};
use super::table::{Table, number, row, text};
use super::view::PartView;
use super::{
    ageing, borrowing_base, changes, collections, concentration, lines, overview, queue, waterfall,
};

/// The section for the underwriter.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    html! {
        section id={ (view.id) "-underwriter" } {
            h3 { "For the underwriter" }
            h4 { "Key figures" }
            (key_figures(view).render())
            (waterfall::section(view))
            (borrowing_base::section(view))
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
    let columns = vec![text("Figure"), number("Value"), text("Note")];
    Table::new("Key figures", columns, rows)
}

fn amounts(view: &PartView<'_>) -> Vec<Vec<Markup>> {
    let totals = &view.part.totals;
    let of = |part, whole, words: &str| match ratio(part, whole) {
        Some(fraction) => format!("{} of {words}", share(fraction)),
        None => format!("{words} is nothing"),
    };
    let bought = totals.amount_bought;
    let pool_apr = format!("APR {}", apr(totals.apr_percent));
    vec![
        row!["Gross ledger", sum(totals.gross), counted(totals.open_invoices, "open invoice")],
        row![
            "Amount bought",
            sum(bought),
            format!(
                "{}, {}",
                counted(totals.bought_invoices, "invoice"),
                of(bought, totals.gross, "the gross ledger")
            ),
        ],
        row!["Advance", sum(totals.advance), of(totals.advance, totals.gross, "the gross ledger")],
        row!["Reserve", sum(totals.reserve), of(totals.reserve, bought, "the amount bought")],
        row![
            "Fee, expected case",
            sum(totals.fee),
            format!("{}; {pool_apr}", of(totals.fee, bought, "the amount bought"))
        ],
        row![
            "Rebate, expected case",
            sum(totals.expected_rebate),
            "amount bought less advance and fee"
        ],
        row![
            "Expected fee",
            sum(totals.expected_fee),
            format!("over the collection curves; expected case {pool_apr}")
        ],
        row![
            "Expected loss",
            sum(totals.expected_loss),
            of(totals.expected_loss, totals.advance, "the advance")
        ],
    ]
}

fn rates(view: &PartView<'_>) -> Vec<Vec<Markup>> {
    let (totals, terms) = (&view.part.totals, &view.part.terms);
    let (before, after) = view.part.yields.map_or((None, None), |yields| {
        (Some(yields.before_cost_of_funds_percent), Some(yields.after_cost_of_funds_percent))
    });
    let advance_note = view.policy.map_or(String::new(), |policy| {
        format!(
            "at most {}, less every point of dilution above {}",
            rate(policy.advance_cap()),
            rate(policy.dilution_threshold())
        )
    });
    let cost_note = view.policy.map_or(String::new(), |policy| {
        let (cost, count) = policy.cost_of_funds();
        format!("cost of funds {} a year, {}", rate(cost), count.as_str())
    });
    let days = totals.mean_expected_days.map_or(NONE.to_owned(), |days| format!("{days:.1} days"));
    let employed = "a year on funds employed, after expected loss";
    vec![
        row!["Advance rate", rate(totals.advance_rate_percent), advance_note],
        row!["Discount rate", rate(terms.discount_rate_percent), terms.fee_plan.words()],
        row![
            "P(dilution and fee exceed the reserve)",
            share_or_none(terms.reserve_shortfall_probability),
            "over the invoices bought together"
        ],
        row![
            "Return on funds employed",
            apr(terms.return_percent),
            terms.hurdle_percent.map_or(String::new(), |hurdle| {
                format!(
                    "a year after funding, handling, expected and unexpected loss; the policy asks {}",
                    apr(Some(hurdle))
                )
            })
        ],
        row!["Dilution", rate(totals.dilution_percent), "credits over sales, trailing 12 months"],
        row![
            "APR",
            apr(totals.apr_percent),
            "expected case; all repayments discounted to what is paid at once"
        ],
        row!["Yield before cost of funds", apr(before), employed],
        row!["Yield after cost of funds", apr(after), cost_note],
        row!["Mean expected days", days, "from purchase to collection, weighted by advance"],
        row![
            "Scoring",
            view.part.scoring.model,
            format!(
                "{}: {}, weight of own history {}",
                overview::basis(view.part.scoring.basis),
                counted(view.part.scoring.paid_invoices, "paid invoice"),
                percent(100.0 * view.part.scoring.own_history_weight, 0)
            )
        ],
    ]
}

fn conditions(view: &PartView<'_>) -> Markup {
    html! {
        h4 id={ (view.id) "-conditions" } { "Conditions" }
        @if view.part.conditions.is_empty() {
            p { "None: the ledger itself answers every rule of the policy." }
        } @else {
            p { "What the ledger does not say and the offer rests on:" }
            ul {
                @for condition in &view.part.conditions {
                    li {
                        code { (condition.rule.code()) }
                        " (" (counted(condition.invoices, "invoice")) "): "
                        (condition.sentence)
                    }
                }
            }
        }
    }
}
