//! Open balance by days past due.

use maud::{Markup, html};

use super::super::chart::{Bar, BarChart, Measure, Shade, Unit};
use super::figures::{count, money, ratio, share_or_none};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// Chart and table.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let currency = view.part.currency;
    let totals = &view.part.totals;
    let bars = view.part.ageing.iter().map(|bucket| Bar {
        label: bucket.bucket.to_string(),
        value: money(bucket.open),
        from: 0.0,
        to: bucket.open.to_f64(),
        shade: Shade::Whole,
    });
    let title = format!("Open balance by days past due, {currency}");
    let measure = Measure::new("Open balance", Unit::Amount(currency));
    let chart = BarChart { title, measure, bars: bars.collect() };
    let rows = view.part.ageing.iter().map(|bucket| {
        row![
            bucket.bucket,
            count(bucket.invoices),
            money(bucket.open),
            share_or_none(ratio(bucket.open, totals.gross)),
        ]
    });
    let columns = vec![
        text("Days past due"),
        number("Invoices"),
        number(format!("Open balance, {currency}")),
        number("Share of total"),
    ];
    let mut table = Table::new("Ageing by due date", columns, rows.collect());
    let all = share_or_none(ratio(totals.gross, totals.gross));
    table.sums = vec![row!["Total", count(totals.open_invoices), money(totals.gross), all]];
    html! {
        h4 { "Ageing by due date" }
        div.pair { (chart.render()) (table.render()) }
    }
}
