use portfolio::{CashForecast, CashWeek};

use super::super::super::chart::{Across, Band, Chart, Line, LineChart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, column};
use app::PortfolioReport;

/// What is collected when.
pub(super) fn section(report: &PortfolioReport) -> Section {
    Section {
        key: "cash_forecast",
        title: "Cash forecast",
        notes: vec![
            "Collections of what is open now, week by week; invoices that are yet to be issued are not in it. Bands \
             hold 8 of 10 weeks: every invoice is paid by its curve, and all of a week's payments swing together by \
             as much as they did after the last ends of months."
                .to_owned(),
        ],
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
        title: "Collections by week, in major units".to_owned(),
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
        title: "How far collections swung together beyond single invoices, estimated at earlier ends of months"
            .to_owned(),
        columns: vec![
            column("currency", "Currency"),
            column("origins", "Ends of months"),
            column("month", "Of four weeks"),
            column("week", "Of a week"),
            column("bias", "Came over expected"),
        ],
        rows: report.cash.iter().map(row).collect(),
    }
}

fn past(report: &PortfolioReport) -> Table {
    let mut rows = Vec::new();
    for cash in &report.cash {
        let unit = cash.currency.minor_units();
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
        title: "Weeks after earlier ends of months: expected by the curves of then and the calendar of now, and come"
            .to_owned(),
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
    Chart::Lines(LineChart {
        title: format!("Collections by week, {}", cash.currency),
        across: Across::labels("Week", labels),
        measure: Measure::new("Collected in the week", Unit::Amount(cash.currency)),
        lines: vec![Line::over_labels("Expected", expected)],
        band: Some(Band { label: "8 of 10 weeks".to_owned(), points: band.collect() }),
    })
}
