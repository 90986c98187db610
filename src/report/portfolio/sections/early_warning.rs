use basics::counted;
use portfolio::Signal;

use super::super::sheet::{Cell, Section, Table, column, field};
use app::PortfolioReport;

/// Which clients to look at first.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let warned: usize = report.early_warning.iter().filter(|signal| signal.warns()).count();
    let fields = vec![
        field("client", "Client", |s: &Signal| Cell::from(&s.client)),
        field("signal", "Signal", |s| s.code.into()),
        field("title", "What it is", |s| s.title.into()),
        field("warns", "Warns", |s| if s.warns() { "yes" } else { "no" }.into()),
        field("value", "Value", |s| Cell::Number(s.value, 2)),
        field("threshold", "From", |s| Cell::Number(s.threshold, 2)),
    ];
    let mut rows = Vec::new();
    for signal in report.early_warning.iter().filter(|signal| signal.warns()) {
        for &(date, value) in &signal.history {
            rows.push(vec![
                Cell::from(&signal.client),
                Cell::from(signal.code),
                Cell::Day(date),
                Cell::Number(value, 2),
            ]);
        }
    }
    let history = Table {
        key: "history",
        title: "The same at the ends of months before, of those that warn".to_owned(),
        columns: vec![
            column("client", "Client"),
            column("signal", "Signal"),
            column("date", "End of"),
            column("value", "Value"),
        ],
        rows,
    };
    Section {
        key: "early_warning",
        title: "Early warning",
        notes: vec![format!(
            "{}. A signal is a reason to look, never to decline; its threshold is our own.",
            counted(warned, "signal warns", "signals warn")
        )],
        charts: Vec::new(),
        tables: vec![
            Table::of("signals", "Signals, those that warn first", &report.early_warning, fields),
            history,
        ],
    }
}
