//! The cost of the offer in money when the customers pay early or late; each price with its APR.

use maud::{Markup, html};

use offer::PayDay;
use pricing::Recourse;
use words::{Fact, Facts};

use super::super::chart::{Bar, BarChart, Measure, Shade, Unit};
use super::figures::{apr, date, fee_share, money};
use super::say::{say, say_in, say_with, sentence};
use super::table::{Table, number, row};
use super::view::PartView;

/// The fee plan, and the cost by the day on which the customers pay.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let currency = view.part.currency;
    let columns = vec![
        number(say("page_cost.after")),
        number(say_in("label.fee", currency)),
        number(say("label.apr")),
        number(say("page_cost.fee_share")),
        number(say_in("page_cost.later", currency)),
        number(say_in("page_cost.in_total", currency)),
    ];
    let rows = view.part.if_paid_after.iter().map(|day| pay_day(view, day)).collect();
    html! {
        h4 { (say("page_cost.title")) }
        p { (sentence("page_cost.fee").with("fee_plan", view.part.terms.fee_plan.words())) }
        (Table::new(say("page_cost.table"), columns, rows).stacked().render())
        (apr_chart(&view.part.if_paid_after))
        p.note {
            (sentence("page_cost.note").with("date", date(view.offer.as_of)))
            @if view.part.if_paid_after.iter().any(|day| day.rebate.minor() < 0) {
                " " (say("page_cost.note_owed"))
            }
            @if view.policy.is_some_and(|policy| policy.recourse() == Recourse::Full) {
                " " (say("page_cost.note_bought_back"))
            }
        }
    }
}

fn pay_day(view: &PartView<'_>, day: &PayDay) -> Vec<Markup> {
    row![
        sentence("page_cost.days").count("days", day.days),
        money(day.fee),
        apr(day.apr_percent),
        fee_share(day.fee, view.part.totals.amount_bought),
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
    let label = |days: u32| {
        let days = Fact::Count(days.into());
        say_with("page_cost.chart_day", &Facts::new().with("days", days))
    };
    let bars = days.iter().zip(rates).map(|(day, rate)| Bar {
        label: label(day.days),
        value: apr(day.apr_percent),
        from: 0.0,
        to: rate,
        shade: if rate >= most { Shade::Taken } else { Shade::Whole },
    });
    let title = say("page_cost.chart");
    let measure = Measure::new(say("page_cost.chart_measure"), Unit::PercentPerYear);
    BarChart { title, measure, bars: bars.collect() }.render()
}
