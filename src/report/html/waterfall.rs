//! From the gross ledger, rule by rule, to the amount bought and the advance.

use maud::{Markup, html};

use super::super::chart::{Bar, BarChart, Measure, Shade, Unit};
use super::figures::{NONE, count, less, money};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// Chart and table.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    html! {
        h4 { "From the gross ledger to the advance" }
        div.pair {
            (chart(view).render())
            (table(view).render())
        }
    }
}

fn chart(view: &PartView<'_>) -> BarChart {
    let totals = &view.part.totals;
    let bar = |label: &str, value, from, to, shade| Bar {
        label: label.to_owned(),
        value,
        from,
        to,
        shade,
    };
    let whole = |label, amount| bar(label, money(amount), 0.0, amount.to_f64(), Shade::Whole);
    let mut bars = vec![whole("Gross ledger", totals.gross)];
    for step in view.part.waterfall.iter().filter(|step| step.invoices > 0) {
        let remaining = step.remaining.to_f64();
        let value = less(step.amount);
        bars.push(bar(
            &step.title,
            value,
            remaining,
            remaining + step.amount.to_f64(),
            Shade::Taken,
        ));
    }
    bars.push(whole("Amount bought", totals.amount_bought));
    let (advance, bought) = (totals.advance.to_f64(), totals.amount_bought.to_f64());
    bars.push(bar("Reserve", less(totals.reserve), advance, bought, Shade::Held));
    bars.push(whole("Advance", totals.advance));
    let currency = view.part.currency;
    let title = format!("Waterfall from the gross ledger to the advance, {currency}");
    let measure = Measure::new("Open balance", Unit::Amount(currency));
    BarChart { title, measure, bars }
}

fn table(view: &PartView<'_>) -> Table {
    let totals = &view.part.totals;
    let currency = view.part.currency;
    let mut rows =
        vec![row!["Gross ledger", NONE, count(totals.open_invoices), NONE, money(totals.gross)]];
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
    rows.push(row!["Amount bought", NONE, count(totals.bought_invoices), NONE, bought]);
    rows.push(row!["Reserve", NONE, NONE, reserve, money(totals.advance)]);
    let columns = vec![
        text("Step"),
        text("Reason code"),
        number("Invoices"),
        number(format!("Change, {currency}")),
        number(format!("Left, {currency}")),
    ];
    let mut table = Table::new("Waterfall from the gross ledger to the advance", columns, rows);
    table.sums = vec![row!["Advance", "", "", "", money(totals.advance)]];
    table
}
