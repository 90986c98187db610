use basics::Currency;
use portfolio::Stressed;

use super::super::super::chart::{BarChart, Chart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, column};
use super::amount_bar;
use app::PortfolioReport;

/// What would happen.
pub(super) fn section(report: &PortfolioReport) -> Section {
    Section {
        key: "stress",
        title: "Stress",
        notes: vec![
            "Every scenario beside the book as it is: what clients may still draw, what they have drawn above their \
             bases, expected loss of the funds in use, and collections. A debtor that fails pays nothing and leaves the \
             base; one that pays later moves its invoices past the policy's limit of days; more dilution raises the \
             reserve and lowers what is collected. Concentration limits are not run again. Under recourse the client buys \
             back what its debtors do not pay, so what a failing debtor costs is what the client cannot make good: the \
             funds on it x the client's own default x the loss given default. A client without a facility is taken as \
             drawn to its base."
                .to_owned(),
        ],
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
        title: "Scenarios, in major units".to_owned(),
        columns: vec![
            column("scenario", "Scenario"),
            column("currency", "Currency"),
            column("availability", "May still be drawn"),
            column("overadvance", "Overadvanced"),
            column("overadvanced_clients", "Clients overadvanced"),
            column("expected_loss", "Expected loss"),
            column("cash_4", "Cash in 4 weeks"),
            column("cash_13", "Cash in 13 weeks"),
        ],
        rows,
    }
}

fn chart(currency: Currency, rows: &[Stressed]) -> Chart {
    let bars = rows.iter().map(|row| amount_bar(&row.name, row.expected_loss));
    Chart::Bars(BarChart {
        title: format!("Expected loss by scenario, {currency}"),
        measure: Measure::new("Expected loss", Unit::Amount(currency)),
        bars: bars.collect(),
    })
}
