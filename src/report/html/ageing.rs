//! Open balance by days past due.

use maud::{Markup, html};

use words::Facts;

use super::super::chart::{Bar, BarChart, Measure, Shade, Unit};
use super::figures::{count, money, ratio, share_or_none};
use super::say::{say, say_in, say_with};
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
    let title = say_with("page_ageing.chart", &Facts::new().with("currency", currency));
    let measure = Measure::new(say("label.open_balance"), Unit::Amount(currency));
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
        text(say("label.days_past_due")),
        number(say("label.invoices")),
        number(say_in("label.open_balance", currency)),
        number(say("page_ageing.share_of_total")),
    ];
    let mut table = Table::new(say("page_ageing.title"), columns, rows.collect());
    let all = share_or_none(ratio(totals.gross, totals.gross));
    table.sums =
        vec![row![say("label.total"), count(totals.open_invoices), money(totals.gross), all]];
    html! {
        h4 { (say("page_ageing.title")) }
        div.pair { (chart.render()) (table.render()) }
    }
}
