//! What the offer costs in money when the customers pay early or late; no price stands without its
//! APR.

use maud::{Markup, html};

use basics::counted;
use offer::PayDay;
use pricing::Recourse;

use super::super::chart::{Bar, BarChart, Measure, Shade, Unit};
use super::figures::{apr, date, money, ratio, share_or_none};
use super::table::{Table, number, row};
use super::view::PartView;

/// Fee plan and table of pay days.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let currency = view.part.currency;
    let columns = vec![
        number("Your customers all pay after"),
        number(format!("Fee, {currency}")),
        number("APR"),
        number("Fee, share of amount bought"),
        number(format!("You receive later, {currency}")),
        number(format!("You receive in total, {currency}")),
    ];
    let rows = view.part.if_paid_after.iter().map(|day| pay_day(view, day)).collect();
    html! {
        h4 { "What it costs if your customers pay earlier or later" }
        p { (fee_plan(view)) }
        (Table::new("Cost by the day on which customers pay", columns, rows).render())
        (apr_chart(&view.part.if_paid_after))
        p.note {
            "Days count from the purchase on " (date(view.offer.as_of)) ". In total is what you \
            receive at once and later together. APR is the yearly rate of the fee on what you receive \
            at once (simple, 365 days)."
            @if view.part.if_paid_after.iter().any(|day| day.rebate.minor() < 0) {
                " A negative amount is what you would owe us."
            }
            @if view.policy.is_some_and(|policy| policy.recourse() == Recourse::Full) {
                " Invoices that you would have to buy back before that day are counted as if they \
                were paid on it."
            }
        }
    }
}

fn pay_day(view: &PartView<'_>, day: &PayDay) -> Vec<Markup> {
    row![
        counted(day.days, "day", "days"),
        money(day.fee),
        apr(day.apr_percent),
        share_or_none(ratio(day.fee, view.part.totals.amount_bought)),
        money(day.rebate),
        money(day.received_in_total),
    ]
}

/// The APR by the day of payment as bars, the highest marked: on a staircase of fees the last day
/// is not the worst one. Nothing where no day has an APR.
fn apr_chart(days: &[PayDay]) -> Markup {
    let rates = days.iter().map(|day| day.apr_percent.map_or(0.0, |rate| rate.0));
    let most = rates.clone().fold(0.0, f64::max);
    if most <= 0.0 {
        return html! {};
    }
    let bars = days.iter().zip(rates).map(|(day, rate)| Bar {
        label: format!("Day {}", day.days),
        value: apr(day.apr_percent),
        from: 0.0,
        to: rate,
        shade: if rate >= most { Shade::Taken } else { Shade::Whole },
    });
    let title = "APR by the day on which your customers pay".to_owned();
    let measure = Measure::new("APR if all customers pay on that day", Unit::PercentPerYear);
    BarChart { title, measure, bars: bars.collect() }.render()
}

fn fee_plan(view: &PartView<'_>) -> String {
    let words = view.part.terms.fee_plan.words();
    format!("Our fee is {words}. We take it from what we hold back first.")
}
