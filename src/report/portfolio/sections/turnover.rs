use portfolio::Turnover;
use words::{Facts, say, say_with};

use super::super::super::chart::{Across, Chart, Line, LineChart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, days, field, share};
use super::{code, month, named};
use app::PortfolioReport;

/// Days sales outstanding, turnover and lateness, now and over time.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let turnover = &report.turnover;
    Section {
        key: "turnover",
        title: say("portfolio_turnover.title"),
        notes: vec![say("portfolio_turnover.note_dso"), say("portfolio_turnover.note_collection")],
        charts: charts(&turnover.trend),
        tables: vec![
            table("now", say("portfolio_turnover.table_now"), &turnover.now),
            table("trend", say("portfolio_turnover.table_trend"), &turnover.trend),
        ],
    }
}

fn table(key: &'static str, title: String, rows: &[Turnover]) -> Table {
    let fields = vec![
        field("client", "Client", |r: &Turnover| named(&r.client)),
        field("currency", "Currency", |r| code(r.open)),
        field("date", "Month-end", |r| r.date.into()),
        field("open", "Open balance", |r| r.open.into()),
        field("sales_90", "Sales, 90 days", |r| r.sales_90.into()),
        field("dso", "DSO, days", |r| days(r.dso)),
        field("countback_dso", "Count-back DSO, days", |r| days(r.countback)),
        field("true_dso", "True DSO, days", |r| days(Some(r.true_dso))),
        field("best_possible_dso", "Best possible DSO, days", |r| days(r.best_possible)),
        field("average_days_delinquent", "Average days delinquent", |r| days(r.delinquent)),
        field("collection_effectiveness", "Collection effectiveness", |r| share(r.effectiveness)),
        field("turnover", "Turnover per year", |r| {
            r.turnover.map_or(Cell::None, |turnover| Cell::Number(turnover, 2))
        }),
        field("days_late", "Days late", |r| days(r.days_late)),
    ];
    Table::of(key, title, rows, fields)
}

fn charts(rows: &[Turnover]) -> Vec<Chart> {
    rows.chunk_by(|a, b| a.currency == b.currency)
        .map(|rows| {
            let line = |name: &str, of: fn(&Turnover) -> Option<f64>| {
                Line::over_labels(say(name), rows.iter().map(of))
            };
            let currency = Facts::new().with("currency", rows[0].currency);
            let labels = rows.iter().map(|row| month(row.date)).collect();
            Chart::Lines(LineChart {
                title: say_with("portfolio_turnover.chart_title", &currency),
                across: Across::labels(say("portfolio_turnover.chart_across"), labels),
                measure: Measure::new(say("portfolio_turnover.chart_measure"), Unit::Days),
                lines: vec![
                    line("portfolio_turnover.chart_dso", |row| row.dso),
                    line("portfolio_turnover.chart_countback", |row| row.countback),
                    line("portfolio_turnover.chart_best", |row| row.best_possible),
                    line("portfolio_turnover.chart_late", |row| row.days_late),
                ],
                band: None,
            })
        })
        .collect()
}
