use portfolio::{BookRisk, Estimate};
use words::{Facts, say, say_with};

use super::super::super::chart::{Across, BarChart, Chart, Line, LineChart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, column};
use super::amount_bar;
use app::PortfolioReport;

/// Debtors listed in the table.
const MOST: usize = 50;
/// Debtors shown in the chart.
const BARS: usize = 15;
/// Points of the curve of losses.
const STEPS: usize = 60;

/// The simulated loss distribution of the book, and what contributes to its tail.
pub(super) fn section(report: &PortfolioReport) -> Section {
    // Without a book there is no simulation to explain.
    let model = report.books.first().map_or(String::new(), |_| say("portfolio_loss.note_model"));
    Section {
        key: "loss_distribution",
        title: say("portfolio_loss.title"),
        notes: vec![model, say("portfolio_loss.note_closed")],
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
                // 95, 99 or 99.9: rounded, because the confidence is binary.
                let percent = (1000.0 * tail.confidence).round() / 10.0;
                add(format!("Value at risk {percent} %"), tail.value_at_risk);
                add(format!("Expected shortfall {percent} %"), tail.expected_shortfall);
            }
        }
    }
    Table {
        key: "measures",
        title: say("portfolio_loss.table_measures"),
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
        title: say("portfolio_loss.table_closed"),
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
        title: say("portfolio_loss.table_debtors"),
        columns: vec![
            column("name", "Debtor"),
            column("identity", "Identity"),
            column("currency", "Currency"),
            column("funds", "Funds in use"),
            column("contribution", "Contribution to the shortfall"),
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
        title: say("portfolio_loss.table_clients"),
        columns: vec![
            column("client", "Client"),
            column("currency", "Currency"),
            column("funds", "Funds in use"),
            column("contribution", "Contribution to the shortfall"),
        ],
        rows,
    }
}

fn charts(risk: &BookRisk) -> Vec<Chart> {
    let currency = risk.currency;
    let first = &risk.debtors[..risk.debtors.len().min(BARS)];
    // Nearly all losses are close to nothing: only the worst tenth tells the models apart.
    let shares: Vec<f64> = (0..STEPS).map(|step| 0.9 + 0.1 * step as f64 / STEPS as f64).collect();
    let lines = risk.simulated.iter().map(|simulated| {
        let losses = &simulated.distribution.losses;
        // Every share is below 1, hence the place is within the losses.
        let at = |share: &f64| Some(losses[(share * losses.len() as f64) as usize]);
        Line::over_labels(&simulated.copula, shares.iter().map(at))
    });
    let labels = shares.iter().map(|share| format!("{:.1}", 100.0 * share)).collect();
    let bars = first.iter().map(|debtor| amount_bar(&debtor.name, debtor.contribution));
    let of = Facts::new().with("currency", currency);
    vec![
        Chart::Lines(LineChart {
            title: say_with("portfolio_loss.chart_losses", &of),
            across: Across::labels(say("portfolio_loss.chart_probability"), labels),
            measure: Measure::new(say("portfolio_loss.chart_loss"), Unit::Amount(currency)),
            lines: lines.collect(),
            band: None,
        }),
        Chart::Bars(BarChart {
            title: say_with("portfolio_loss.chart_debtors", &of),
            measure: Measure::new(say("portfolio_loss.chart_part"), Unit::Amount(currency)),
            bars: bars.collect(),
        }),
    ]
}
