use portfolio::{CashForecast, CashWeek};
use words::{Facts, say, say_with};

use super::super::super::chart::{Across, Band, Chart, Line, LineChart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, column};
use app::PortfolioReport;

/// Expected collections by week, with what earlier forecasts would have missed by.
pub(super) fn section(report: &PortfolioReport) -> Section {
    Section {
        key: "cash_forecast",
        title: say("portfolio_cash.title"),
        notes: vec![say("portfolio_cash.note_weeks")],
        charts: report.cash.iter().map(chart).collect(),
        tables: vec![weeks(report), pace(report), past(report)],
    }
}

fn weeks(report: &PortfolioReport) -> Table {
    let mut rows = Vec::new();
    for cash in &report.cash {
        let row = |week: &CashWeek, name: Cell| {
            let mut cells = vec![Cell::from(cash.currency.code()), name];
            let figures = [week.expected, week.low, week.middle, week.high];
            cells.extend(figures.map(|figure| Cell::Number(figure, 0)));
            cells
        };
        rows.extend(cash.weeks.iter().map(|week| row(week, Cell::Text(week.week.to_string()))));
        rows.push(row(&cash.total, Cell::Text("all".to_owned())));
    }
    Table {
        key: "weeks",
        title: say("portfolio_cash.table_weeks"),
        columns: vec![
            column("currency", "Currency"),
            column("week", "Week"),
            column("expected", "Expected"),
            column("low", "Low (1 in 10 below)"),
            column("middle", "Middle"),
            column("high", "High (1 in 10 above)"),
        ],
        rows,
    }
}

fn pace(report: &PortfolioReport) -> Table {
    let row = |cash: &CashForecast| {
        vec![
            Cell::from(cash.currency.code()),
            Cell::from(cash.pace.origins),
            Cell::Share(cash.pace.month),
            Cell::Share(cash.pace.week),
            Cell::Share(cash.pace.bias),
        ]
    };
    Table {
        key: "swing",
        title: say("portfolio_cash.table_swing"),
        columns: vec![
            column("currency", "Currency"),
            column("origins", "Month-ends"),
            column("month", "Swing of four weeks"),
            column("week", "Swing of a week"),
            column("bias", "Collected over expected"),
        ],
        rows: report.cash.iter().map(row).collect(),
    }
}

fn past(report: &PortfolioReport) -> Table {
    let mut rows = Vec::new();
    for cash in &report.cash {
        let unit = cash.currency.minor_units();
        // The latest first: the page and the terminal show only the first rows.
        for (date, weeks) in cash.past.iter().rev() {
            rows.extend((1..).zip(weeks).map(|(week, seen)| {
                vec![
                    Cell::from(cash.currency.code()),
                    Cell::from(*date),
                    Cell::from(week),
                    Cell::Number(seen.expected / unit, 0),
                    Cell::Number(seen.collected / unit, 0),
                ]
            }));
        }
    }
    Table {
        key: "past",
        title: say("portfolio_cash.table_past"),
        columns: vec![
            column("currency", "Currency"),
            column("date", "From"),
            column("week", "Week"),
            column("expected", "Expected"),
            column("collected", "Collected"),
        ],
        rows,
    }
}

fn chart(cash: &CashForecast) -> Chart {
    let expected = cash.weeks.iter().map(|week| Some(week.expected));
    let band = (0..).zip(&cash.weeks).map(|(at, week)| (f64::from(at) + 0.5, week.low, week.high));
    let labels = cash.weeks.iter().map(|week| week.week.to_string()).collect();
    let currency = Facts::new().with("currency", cash.currency);
    let measure = say("portfolio_cash.chart_measure");
    Chart::Lines(LineChart {
        title: say_with("portfolio_cash.chart_title", &currency),
        across: Across::labels(say("portfolio_cash.chart_across"), labels),
        measure: Measure::new(measure, Unit::Amount(cash.currency)),
        lines: vec![Line::over_labels(say("portfolio_cash.chart_expected"), expected)],
        band: Some(Band { label: say("portfolio_cash.chart_band"), points: band.collect() }),
    })
}
