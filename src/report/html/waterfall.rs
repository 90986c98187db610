//! From the gross ledger, rule by rule, to the amount bought and the advance.

use maud::{Markup, html};

use words::Facts;

use super::super::chart::{Bar, BarChart, Measure, Shade, Unit};
use super::figures::{NONE, count, less, money};
use super::say::{say, say_in, say_with};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// Chart and table.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    html! {
        h4 { (say("page_waterfall.title")) }
        div.pair {
            (chart(view).render())
            (table(view).render())
        }
    }
}

fn chart(view: &PartView<'_>) -> BarChart {
    let totals = &view.part.totals;
    let bar = |label: String, value, from, to, shade| Bar { label, value, from, to, shade };
    let whole = |label, amount| bar(label, money(amount), 0.0, amount.to_f64(), Shade::Whole);
    let mut bars = vec![whole(say("label.gross_ledger"), totals.gross)];
    // Only rules that took something: the table has all, and bars of nothing take room.
    for step in view.part.waterfall.iter().filter(|step| step.invoices > 0) {
        let remaining = step.remaining.to_f64();
        let value = less(step.amount);
        bars.push(bar(
            step.title.to_string(),
            value,
            remaining,
            remaining + step.amount.to_f64(),
            Shade::Taken,
        ));
    }
    bars.push(whole(say("label.amount_bought"), totals.amount_bought));
    let (advance, bought) = (totals.advance.to_f64(), totals.amount_bought.to_f64());
    bars.push(bar(say("label.reserve"), less(totals.reserve), advance, bought, Shade::Held));
    bars.push(whole(say("label.advance"), totals.advance));
    let currency = view.part.currency;
    let title = say_with("page_waterfall.chart", &Facts::new().with("currency", currency));
    let measure = Measure::new(say("label.open_balance"), Unit::Amount(currency));
    BarChart { title, measure, bars }
}

fn table(view: &PartView<'_>) -> Table {
    let totals = &view.part.totals;
    let currency = view.part.currency;
    let gross = money(totals.gross);
    let mut rows =
        vec![row![say("label.gross_ledger"), NONE, count(totals.open_invoices), NONE, gross]];
    for step in &view.part.waterfall {
        let code = html! { code { (step.rule.code()) } };
        rows.push(row![
            &step.title,
            code,
            count(step.invoices),
            less(step.amount),
            money(step.remaining)
        ]);
    }
    let bought = money(totals.amount_bought);
    let reserve = less(totals.reserve);
    rows.push(row![say("label.amount_bought"), NONE, count(totals.bought_invoices), NONE, bought]);
    rows.push(row![say("label.reserve"), NONE, NONE, reserve, money(totals.advance)]);
    let columns = vec![
        text(say("page_waterfall.step")),
        text(say("page_waterfall.reason_code")),
        number(say("label.invoices")),
        number(say_in("page_waterfall.change", currency)),
        number(say_in("page_waterfall.left", currency)),
    ];
    let mut table = Table::new(say("page_waterfall.table"), columns, rows);
    table.sums = vec![row![say("label.advance"), "", "", "", money(totals.advance)]];
    table
}
