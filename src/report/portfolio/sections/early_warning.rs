use portfolio::Signal;
use words::{Fact, Facts, say, say_with};

use super::super::sheet::{Cell, Section, Table, column, field};
use app::PortfolioReport;

/// The early-warning signals of each client.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let warned = report.early_warning.iter().filter(|signal| signal.warns()).count();
    let warned = Fact::Count(warned.try_into().unwrap_or(i64::MAX));
    let fields = vec![
        field("client", "Client", |s: &Signal| Cell::from(&s.client)),
        field("signal", "Signal", |s| s.code.into()),
        field("title", "Meaning", |s| Cell::from(&s.title)),
        field("warns", "Warns", |s| if s.warns() { "yes" } else { "no" }.into()),
        field("value", "Value", |s| Cell::Number(s.value, 2)),
        field("threshold", "Threshold", |s| Cell::Number(s.threshold, 2)),
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
        title: say("portfolio_warnings.table_history"),
        columns: vec![
            column("client", "Client"),
            column("signal", "Signal"),
            column("date", "Month-end"),
            column("value", "Value"),
        ],
        rows,
    };
    let title = say("portfolio_warnings.table_signals");
    Section {
        key: "early_warning",
        title: say("portfolio_warnings.title"),
        notes: vec![say_with(
            "portfolio_warnings.note_warned",
            &Facts::new().with("warned", warned),
        )],
        charts: Vec::new(),
        tables: vec![Table::of("signals", title, &report.early_warning, fields), history],
    }
}
