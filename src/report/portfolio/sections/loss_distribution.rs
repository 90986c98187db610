use portfolio::{BookRisk, Estimate};

use super::super::super::chart::{Across, BarChart, Chart, Line, LineChart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, column};
use super::amount_bar;
use app::PortfolioReport;

/// Debtors that are listed.
const MOST: usize = 50;
/// Debtors of the chart.
const BARS: usize = 15;
/// Steps of the curve of losses.
const STEPS: usize = 60;

/// What the book can lose.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let first = report.books.first();
    let certain = first.map_or(String::new(), |_| {
        "Debtors default together by one common factor; clients, which buy back under recourse, hang on the same \
         factor. Where a client fails, dilution beyond its reserve is lost as well; a slow \
         month costs the factor's own money for a month longer. Values at risk and shortfalls are \
         of the funds in use until they are collected, in major units, each with one standard error of the simulation."
            .to_owned()
    });
    Section {
        key: "loss_distribution",
        title: "Loss distribution",
        notes: vec![
            certain,
            "Asymptotic: the 99.9 % quantile of an infinitely fine book in which nobody buys back (Vasicek 2002); with \
             granularity: what few names add to it (Gordy and Luetkebohmert 2013). A factor's book has few names: the \
             simulation counts."
                .to_owned(),
        ],
        charts: report.risk.iter().flat_map(charts).collect(),
        tables: vec![measures(report), closed(report), debtors(report), clients(report)],
    }
}

fn measures(report: &PortfolioReport) -> Table {
    let mut rows = Vec::new();
    for risk in &report.risk {
        for simulated in &risk.simulated {
            let mut add = |measure: String, estimate: Estimate| {
                rows.push(vec![
                    Cell::from(risk.currency.code()),
                    Cell::from(&simulated.copula),
                    Cell::Text(measure),
                    Cell::Number(estimate.value, 0),
                    Cell::Number(estimate.error, 0),
                ]);
            };
            let found = &simulated.distribution;
            add("Expected loss".to_owned(), found.expected);
            for tail in &found.tails {
                // 95, 99 or 99.9.
                let percent = (1000.0 * tail.confidence).round() / 10.0;
                add(format!("Value at risk {percent} %"), tail.value_at_risk);
                add(format!("Expected shortfall {percent} %"), tail.expected_shortfall);
            }
        }
    }
    Table {
        key: "measures",
        title: "Loss of the funds in use".to_owned(),
        columns: vec![
            column("currency", "Currency"),
            column("copula", "Copula"),
            column("measure", "Measure"),
            column("value", "Value"),
            column("standard_error", "± standard error"),
        ],
        rows,
    }
}

fn closed(report: &PortfolioReport) -> Table {
    let row = |risk: &BookRisk| {
        vec![
            Cell::from(risk.currency.code()),
            Cell::Number(risk.funds, 0),
            Cell::from(risk.names),
            Cell::Number(risk.asymptotic, 0),
            risk.with_granularity.map_or(Cell::None, |value| Cell::Number(value, 0)),
        ]
    };
    Table {
        key: "closed_form",
        title: "Closed forms at 99.9 %, without recourse".to_owned(),
        columns: vec![
            column("currency", "Currency"),
            column("funds", "Funds in use"),
            column("names", "Debtors"),
            column("asymptotic", "Asymptotic"),
            column("with_granularity", "With granularity"),
        ],
        rows: report.risk.iter().map(row).collect(),
    }
}

fn debtors(report: &PortfolioReport) -> Table {
    let mut rows = Vec::new();
    for risk in &report.risk {
        for debtor in risk.debtors.iter().take(MOST) {
            rows.push(vec![
                Cell::from(&debtor.name),
                Cell::from(&debtor.identity),
                Cell::from(risk.currency.code()),
                Cell::Number(debtor.funds, 0),
                Cell::Number(debtor.contribution, 0),
            ]);
        }
    }
    Table {
        key: "debtors",
        title: "Debtors by their part of the shortfall at 99 % (Gaussian, Euler)".to_owned(),
        columns: vec![
            column("name", "Debtor"),
            column("identity", "Identity"),
            column("currency", "Currency"),
            column("funds", "Funds in use"),
            column("contribution", "Part of the shortfall"),
        ],
        rows,
    }
}

fn clients(report: &PortfolioReport) -> Table {
    let mut rows = Vec::new();
    for risk in &report.risk {
        for (client, funds, part) in &risk.clients {
            rows.push(vec![
                Cell::from(client),
                Cell::from(risk.currency.code()),
                Cell::Number(*funds, 0),
                Cell::Number(*part, 0),
            ]);
        }
    }
    Table {
        key: "clients",
        title: "Clients by their part of the shortfall at 99 %, dilution included".to_owned(),
        columns: vec![
            column("client", "Client"),
            column("currency", "Currency"),
            column("funds", "Funds in use"),
            column("contribution", "Part of the shortfall"),
        ],
        rows,
    }
}

fn charts(risk: &BookRisk) -> Vec<Chart> {
    let currency = risk.currency;
    let first = &risk.debtors[..risk.debtors.len().min(BARS)];
    // The worst tenth.
    let shares: Vec<f64> = (0..STEPS).map(|step| 0.9 + 0.1 * step as f64 / STEPS as f64).collect();
    let lines = risk.simulated.iter().map(|simulated| {
        let losses = &simulated.distribution.losses;
        // Within the losses.
        let at = |share: &f64| Some(losses[(share * losses.len() as f64) as usize]);
        Line::over_labels(&simulated.copula, shares.iter().map(at))
    });
    let labels = shares.iter().map(|share| format!("{:.1}", 100.0 * share)).collect();
    let bars = first.iter().map(|debtor| amount_bar(&debtor.name, debtor.contribution));
    vec![
        Chart::Lines(LineChart {
            title: format!("Loss that is not exceeded with a probability, {currency}"),
            across: Across::labels("Probability, %", labels),
            measure: Measure::new("Loss", Unit::Amount(currency)),
            lines: lines.collect(),
            band: None,
        }),
        Chart::Bars(BarChart {
            title: format!("Debtors by their part of the shortfall at 99 %, {currency}"),
            measure: Measure::new("Part of the shortfall", Unit::Amount(currency)),
            bars: bars.collect(),
        }),
    ]
}
