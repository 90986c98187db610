//! Expected collections by the ageing of the invoices today.

use maud::{Markup, html};

use offer::Collections;
use words::{Fact, Facts};

use super::super::chart::{Across, Line, LineChart, Measure, Unit};
use super::figures::{money, share_or_none};
use super::say::{say, say_in, say_with};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// The days for which the table gives the chart's figures.
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
        title: say("page_collections.chart"),
        across: Across::days(
            say_with("page_collections.chart_days", &Facts::new().with("date", as_of)),
            last,
        ),
        measure: Measure::new(say("page_collections.chart_measure"), Unit::Share),
        lines: view.part.collections.iter().map(line).collect(),
        band: None,
    };
    let mut columns = vec![
        text(say("page_collections.age")),
        number(say_in("label.open_balance", view.part.currency)),
    ];
    columns.extend(SHOWN_DAYS.map(|day| {
        let facts = Facts::new().with("days", Fact::Count(day.into()));
        number(say_with("page_collections.within", &facts))
    }));
    let rows = view.part.collections.iter().map(|curve| {
        let mut cells = row![age(curve), money(curve.open)];
        cells.extend(SHOWN_DAYS.map(|day| html! { (share_or_none(on(curve, day))) }));
        cells
    });
    let table = Table::new(say("page_collections.title"), columns, rows.collect());
    html! {
        h4 { (say("page_collections.title")) }
        p.note { (say("page_collections.note")) }
        div.pair { (chart.render()) (table.render()) }
    }
}

fn line(curve: &Collections) -> Line {
    let percent = |&(day, share): &(u32, f64)| (f64::from(day), Some(100.0 * share));
    Line { label: age(curve).to_owned(), points: curve.curve.iter().map(percent).collect() }
}

/// The age without "past due", which the axis and the heading already say.
fn age(curve: &Collections) -> &str {
    curve.bucket.trim_end_matches(" past due")
}

fn on(curve: &Collections, day: u32) -> Option<f64> {
    curve.curve.iter().find(|(shown, _)| *shown == day).map(|&(_, share)| share)
}
