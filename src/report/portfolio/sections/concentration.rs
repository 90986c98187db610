use portfolio::{ConcentrationOf, DebtorShareAcross, LimitUse};
use words::{Facts, say, say_with};

use super::super::super::chart::{BarChart, Chart, Measure, Unit};
use super::super::super::html::percent;
use super::super::sheet::{Cell, Section, Table, field};
use super::{bar, code, named};
use app::PortfolioReport;

/// Debtors shown in the chart.
const BARS: usize = 15;

/// The largest debtors and groups, and the use of debtor limits.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let shares = &report.concentration;
    let fields = vec![
        field("client", "Client", |r: &ConcentrationOf| named(&r.client)),
        field("currency", "Currency", |r| r.currency.code().into()),
        field("by", "Measured by", |r| r.by.into()),
        field("number", "Number", |r| r.number.into()),
        field("open", "Open balance", |r| r.open.into()),
        field("top_10_share", "Ten largest", |r| Cell::Share(r.top_10)),
        field("hhi", "Herfindahl index", |r| Cell::Number(r.hhi, 4)),
        field("effective_number", "Effective number", |r| Cell::Number(r.effective_number, 1)),
    ];
    let title = say("portfolio_concentration.table_summary");
    let summary = Table::of("summary", title, &shares.summary, fields);
    let rule = Facts::new().with("match_rule", report.match_rule);
    Section {
        key: "concentration",
        title: say("portfolio_concentration.title"),
        notes: vec![
            say_with("portfolio_concentration.note_shares", &rule),
            say("portfolio_concentration.note_index"),
        ],
        charts: charts(&shares.debtors),
        tables: vec![
            summary,
            largest("debtors", say("portfolio_concentration.table_debtors"), &shares.debtors),
            largest("groups", say("portfolio_concentration.table_groups"), &shares.groups),
            limits(report),
        ],
    }
}

fn largest(key: &'static str, title: String, rows: &[DebtorShareAcross]) -> Table {
    let fields = vec![
        field("name", "Name", |r: &DebtorShareAcross| Cell::from(&r.name)),
        field("identity", "Identity", |r| Cell::from(&r.identity)),
        field("currency", "Currency", |r| code(r.open)),
        field("clients", "Clients", |r| r.clients.into()),
        field("invoices", "Invoices", |r| r.invoices.into()),
        field("open", "Open balance", |r| r.open.into()),
        field("share", "Share", |r| Cell::Share(r.share)),
        field("eligible", "Eligible", |r| r.eligible.into()),
    ];
    Table::of(key, title, rows, fields)
}

fn limits(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("client", "Client", |r: &LimitUse| Cell::from(&r.client)),
        field("debtor_id", "Debtor", |r| Cell::from(&r.debtor)),
        field("debtor_name", "Name", |r| Cell::from(&r.name)),
        field("currency", "Currency", |r| code(r.limit)),
        field("limit", "Limit", |r| r.limit.into()),
        field("open", "Open balance", |r| r.open.into()),
        field("used", "Used", |r| Cell::Share(r.used)),
        field("excess", "Above the limit", |r| r.excess.into()),
    ];
    let title = say("portfolio_concentration.table_limits");
    Table::of("limits", title, &report.concentration.limits, fields)
}

fn charts(rows: &[DebtorShareAcross]) -> Vec<Chart> {
    rows.chunk_by(|a, b| a.currency == b.currency)
        // A single debtor is the whole of its currency, which no chart need say.
        .filter(|rows| rows.len() > 1)
        .map(|rows| {
            let first = &rows[..rows.len().min(BARS)];
            let of = Facts::new().with("currency", rows[0].currency);
            let measure = say("portfolio_concentration.chart_measure");
            let bars = first.iter().map(|row| {
                let share = 100.0 * row.share;
                bar(&row.name, share, percent(share, 1))
            });
            Chart::Bars(BarChart {
                title: say_with("portfolio_concentration.chart_title", &of),
                measure: Measure::new(measure, Unit::Percent),
                bars: bars.collect(),
            })
        })
        .collect()
}
