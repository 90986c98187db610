//! Expected collections by the ageing of the invoices today.

use maud::{Markup, html};

use offer::Collections;

use super::super::chart::{Across, Line, LineChart, Measure, Unit};
use super::figures::{money, share_or_none};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// Days for which the table repeats the chart.
const SHOWN_DAYS: [u32; 5] = [14, 30, 60, 90, 180];

/// Chart and table.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    if view.part.collections.is_empty() {
        return html! {};
    }
    let as_of = view.offer.as_of;
    let curves = || view.part.collections.iter().flat_map(|curve| &curve.curve);
    let last = curves().map(|&(day, _)| day).max().unwrap_or(0);
    let chart = LineChart {
        title: "Expected collections by days past due today, % of the open balance".to_owned(),
        across: Across::days(format!("Days after {as_of}"), last),
        measure: Measure::new("Share collected", Unit::Share),
        lines: view.part.collections.iter().map(line).collect(),
        band: None,
    };
    let mut columns =
        vec![text("Days past due today"), number(format!("Open balance, {}", view.part.currency))];
    columns.extend(SHOWN_DAYS.map(|day| number(format!("Within {day} days"))));
    let rows = view.part.collections.iter().map(|curve| {
        let mut cells = row![age(curve), money(curve.open)];
        cells.extend(SHOWN_DAYS.map(|day| html! { (share_or_none(on(curve, day))) }));
        cells
    });
    let table = Table::new("Expected collections", columns, rows.collect());
    html! {
        h4 { "Expected collections" }
        p.note {
            "Share of today's open balance that is expected to be collected in cash by each day, \
            weighted by amount, of all open invoices, bought or not."
        }
        div.pair { (chart.render()) (table.render()) }
    }
}

fn line(curve: &Collections) -> Line {
    let percent = |&(day, share): &(u32, f64)| (f64::from(day), Some(100.0 * share));
    Line { label: age(curve).to_owned(), points: curve.curve.iter().map(percent).collect() }
}

/// The age as axis and heading leave it to be said: they name what is past due.
fn age(curve: &Collections) -> &str {
    curve.bucket.trim_end_matches(" past due")
}

fn on(curve: &Collections, day: u32) -> Option<f64> {
    curve.curve.iter().find(|(shown, _)| *shown == day).map(|&(_, share)| share)
}
