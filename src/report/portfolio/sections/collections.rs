use portfolio::{ToCollect, Vintage};
use words::{Fact, Facts, say, say_with};

use super::super::super::chart::{Across, Chart, Line, LineChart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, column, days, field, share};
use super::code;
use app::PortfolioReport;

/// The ages of a vintage that the chart shows, in months after the month of issue.
const AGES: [usize; 4] = [0, 1, 2, 3];

/// The worklist of debtors to contact, roll rates and vintages.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let fields = vec![
        field("client", "Client", |r: &ToCollect| Cell::from(&r.client)),
        field("debtor_id", "Debtor", |r| Cell::from(&r.id)),
        field("debtor_name", "Name", |r| Cell::from(&r.name)),
        field("step", "Next step", |r| r.step.as_str().into()),
        field("currency", "Currency", |r| code(r.open)),
        field("at_stake", "At stake", |r| r.at_stake.into()),
        field("past_due", "Past due", |r| r.past_due.into()),
        field("disputed", "Disputed", |r| r.disputed.into()),
        field("unapplied", "Unapplied credits", |r| r.unapplied.into()),
        field("open", "Open balance", |r| r.open.into()),
        field("since", "Unpaid since", |r| r.since.into()),
        field("days", "Days past due", |r| Cell::Count(r.days.into())),
        field("last_paid", "Last payment", |r| r.last_paid.map_or(Cell::None, Cell::Day)),
        field("late_recent", "Days late, 3 months", |r| days(r.late.0)),
        field("late_before", "Days late, 9 months before", |r| days(r.late.1)),
    ];
    let title = say("portfolio_collections.table_worklist");
    let worklist = Table::of("worklist", title, &report.collections.worklist, fields);
    Section {
        key: "collections",
        title: say("portfolio_collections.title"),
        notes: vec![
            say("portfolio_collections.note_steps"),
            say("portfolio_collections.note_rates"),
        ],
        charts: charts(&report.collections.vintages),
        tables: vec![worklist, rolls(report), vintages(&report.collections.vintages)],
    }
}

fn rolls(report: &PortfolioReport) -> Table {
    let mut rows = Vec::new();
    for rolls in &report.collections.rolls {
        let rates = rolls.rates.rates.iter().zip(&rolls.rates.to_last).enumerate();
        for (at, (rate, to_last)) in rates {
            rows.push(vec![
                Cell::from(rolls.currency.code()),
                Cell::from(&rolls.buckets[at]),
                Cell::from(&rolls.buckets[at + 1]),
                share(*rate),
                share(*to_last),
            ]);
        }
    }
    let columns = vec![
        column("currency", "Currency"),
        column("from", "From"),
        column("to", "To"),
        column("rate", "Roll rate"),
        column("to_last", "To the last bucket"),
    ];
    Table { key: "roll_rates", title: say("portfolio_collections.table_rolls"), columns, rows }
}

fn vintages(rows: &[Vintage]) -> Table {
    let ages = rows.iter().map(|row| row.collected.len()).max().unwrap_or(0);
    let mut columns = vec![
        column("month", "Issued in"),
        column("currency", "Currency"),
        column("issued", "Issued"),
    ];
    columns.extend((0..ages).map(|age| column(&format!("collected_{age}"), &by_month(age))));
    let row = |row: &Vintage| {
        let mut cells =
            vec![Cell::Text(row.month.to_string()), code(row.issued), Cell::Amount(row.issued)];
        cells.extend(row.collected.iter().map(|&collected| share(collected)));
        cells
    };
    let title = say("portfolio_collections.table_vintages");
    Table { key: "vintages", title, columns, rows: rows.iter().map(row).collect() }
}

fn by_month(age: usize) -> String {
    let age = Fact::Count(age.try_into().unwrap_or(i64::MAX));
    say_with("portfolio_collections.by_month", &Facts::new().with("age", age))
}

fn charts(rows: &[Vintage]) -> Vec<Chart> {
    rows.chunk_by(|a, b| a.currency == b.currency)
        .map(|rows| {
            let line = |age: usize| {
                let of = |row: &Vintage| row.collected[age].map(|share| 100.0 * share);
                Line::over_labels(by_month(age), rows.iter().map(of))
            };
            let labels = rows.iter().map(|row| row.month.to_string()).collect();
            let currency = Facts::new().with("currency", rows[0].currency);
            let measure = say("portfolio_collections.chart_measure");
            Chart::Lines(LineChart {
                title: say_with("portfolio_collections.chart_title", &currency),
                across: Across::labels(say("portfolio_collections.chart_across"), labels),
                measure: Measure::new(measure, Unit::Share),
                lines: AGES.into_iter().map(line).collect(),
                band: None,
            })
        })
        .collect()
}
