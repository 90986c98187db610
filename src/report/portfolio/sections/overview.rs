use portfolio::KeyFigures;
use words::{Facts, say, say_with};

use super::super::sheet::{Cell, Section, Table, column, days, field};
use super::look_at_first::{self, Weights};
use app::PortfolioReport;

/// Key figures by currency, compared with another day where one was asked for, and what to look
/// at first.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let mut tables = vec![figures(report)];
    tables.extend(compared(report));
    let weights = Weights::of(report);
    tables.push(look_at_first::table(report, &weights));
    Section {
        key: "overview",
        title: say("portfolio_overview.title"),
        notes: [say("portfolio_overview.note_units"), weights.words]
            .into_iter()
            .chain(report.warnings.iter().cloned())
            .collect(),
        charts: Vec::new(),
        tables,
    }
}

/// Turns a figure into a cell.
type Shown = fn(f64) -> Cell;

fn amount(value: f64) -> Cell {
    Cell::Number(value, 0)
}

fn figures(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("currency", "Currency", |k: &KeyFigures| k.currency.code().into()),
        field("clients", "Clients", |k| k.clients.into()),
        field("invoices", "Open invoices", |k| k.invoices.into()),
        field("open", "Open balance", |k| amount(k.open)),
        field("past_due", "Past due", |k| Cell::Share(k.past_due)),
        field("dso", "DSO, days", |k| days(k.dso)),
        field("eligible", "Eligible", |k| amount(k.eligible)),
        field("funds", "Funds in use", |k| amount(k.funds)),
        field("may_be_drawn", "Available to draw", |k| amount(k.may_be_drawn)),
        field("expected_loss", "Expected loss", |k| amount(k.expected_loss)),
        field("cash_13", "Cash, next 13 weeks", |k| amount(k.cash_13)),
    ];
    let title = say("portfolio_overview.table_figures");
    Table::of("key_figures", title, &report.key_figures, fields)
}

/// The key figures beside those of another day, with the change; `None` where none was asked for.
fn compared(report: &PortfolioReport) -> Option<Table> {
    let (date, before) = report.compared.as_ref()?;
    let mut rows = Vec::new();
    for now in &report.key_figures {
        // A currency that is new since that day has nothing to be compared with.
        let Some(then) = before.iter().find(|then| then.currency == now.currency) else { continue };
        let figures: [(&str, f64, f64, Shown); 8] = [
            ("Open balance", now.open, then.open, amount),
            ("Past due", now.past_due, then.past_due, Cell::Share),
            ("DSO, days", or_none(now.dso), or_none(then.dso), one_decimal),
            ("Eligible", now.eligible, then.eligible, amount),
            ("Funds in use", now.funds, then.funds, amount),
            ("Available to draw", now.may_be_drawn, then.may_be_drawn, amount),
            ("Expected loss", now.expected_loss, then.expected_loss, amount),
            ("Cash, next 13 weeks", now.cash_13, then.cash_13, amount),
        ];
        for (name, now_is, then_was, shown) in figures {
            let of = |value: f64| if value.is_finite() { shown(value) } else { Cell::None };
            let code = Cell::from(now.currency.code());
            rows.push(vec![code, name.into(), of(now_is), of(then_was), of(now_is - then_was)]);
        }
    }
    let columns = vec![
        column("currency", "Currency"),
        column("figure", "Figure"),
        column("now", &format!("{}", report.as_of)),
        column("then", &format!("{date}")),
        column("change", "Change"),
    ];
    let title = say_with("portfolio_overview.table_compared", &Facts::new().with("date", *date));
    Some(Table { key: "compared", title, columns, rows })
}

fn or_none(value: Option<f64>) -> f64 {
    // NaN passes through the difference, which then is not defined either.
    value.unwrap_or(f64::NAN)
}

fn one_decimal(value: f64) -> Cell {
    Cell::Number(value, 1)
}
