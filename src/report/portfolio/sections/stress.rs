use basics::Currency;
use portfolio::Stressed;
use words::{Facts, say, say_with};

use super::super::super::chart::{BarChart, Chart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, column};
use super::amount_bar;
use app::PortfolioReport;

/// The scenarios beside the book as it is.
pub(super) fn section(report: &PortfolioReport) -> Section {
    Section {
        key: "stress",
        title: say("portfolio_stress.title"),
        notes: vec![say("portfolio_stress.note_scenarios")],
        charts: report.stressed.iter().map(|(currency, rows)| chart(*currency, rows)).collect(),
        tables: vec![table(report)],
    }
}

fn table(report: &PortfolioReport) -> Table {
    let mut rows = Vec::new();
    for (currency, stressed) in &report.stressed {
        for row in stressed {
            rows.push(vec![
                Cell::from(&row.name),
                Cell::from(currency.code()),
                Cell::Number(row.availability, 0),
                Cell::Number(row.overadvance, 0),
                Cell::from(row.overadvanced),
                Cell::Number(row.expected_loss, 0),
                Cell::Number(row.cash_4, 0),
                Cell::Number(row.cash_13, 0),
            ]);
        }
    }
    Table {
        key: "scenarios",
        title: say("portfolio_stress.table_scenarios"),
        columns: vec![
            column("scenario", "Scenario"),
            column("currency", "Currency"),
            column("availability", "Available to draw"),
            column("overadvance", "Overadvanced"),
            column("overadvanced_clients", "Overadvanced clients"),
            column("expected_loss", "Expected loss"),
            column("cash_4", "Cash in 4 weeks"),
            column("cash_13", "Cash in 13 weeks"),
        ],
        rows,
    }
}

fn chart(currency: Currency, rows: &[Stressed]) -> Chart {
    let bars = rows.iter().map(|row| amount_bar(&row.name, row.expected_loss));
    let of = Facts::new().with("currency", currency);
    let measure = say("portfolio_stress.chart_measure");
    Chart::Bars(BarChart {
        title: say_with("portfolio_stress.chart_title", &of),
        measure: Measure::new(measure, Unit::Amount(currency)),
        bars: bars.collect(),
    })
}
