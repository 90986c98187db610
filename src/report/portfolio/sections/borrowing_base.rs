use portfolio::ClientBook;
use words::{Facts, say, say_with};

use super::super::sheet::{Cell, Section, Table, field, total};
use app::PortfolioReport;

/// The borrowing base of each client, and its roll-forward.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let overdrawn = report.books.iter().filter(|book| book.certificate.base.excess.minor() < 0);
    let over: Vec<&str> = overdrawn.map(|book| book.client.as_str()).collect();
    let verdict = if over.is_empty() {
        say("portfolio_borrowing_base.note_none")
    } else {
        let clients = Facts::new().with("clients", over.join(", "));
        say_with("portfolio_borrowing_base.note_over", &clients)
    };
    Section {
        key: "borrowing_base",
        title: say("portfolio_borrowing_base.title"),
        notes: vec![verdict, say("portfolio_borrowing_base.note_base")],
        charts: Vec::new(),
        tables: vec![clients(&report.books), roll_forward(&report.books)],
    }
}

fn clients(books: &[ClientBook]) -> Table {
    let fields = vec![
        field("client", "Client", |b: &ClientBook| Cell::from(&b.client)),
        field("currency", "Currency", |b| b.currency.code().into()),
        total("gross", "Gross", |b| b.certificate.gross.into()),
        total("ineligible", "Ineligible", |b| b.certificate.ineligible.into()),
        total("eligible", "Eligible", |b| b.certificate.base.eligible.into()),
        total("gross_availability", "Gross availability", |b| {
            b.certificate.base.gross_availability.into()
        }),
        total("dilution_reserve", "Dilution reserve", |b| {
            b.certificate.base.dilution_reserve.into()
        }),
        total("other_reserves", "Other reserves", |b| b.certificate.base.other_reserves.into()),
        total("net_availability", "Net availability", |b| {
            b.certificate.base.net_availability.into()
        }),
        total("line", "Line", |b| b.certificate.base.line.map_or(Cell::None, Cell::Amount)),
        total("borrowing_base", "Borrowing base", |b| b.certificate.base.borrowing_base.into()),
        total("outstanding", "Outstanding", |b| b.certificate.base.outstanding.into()),
        total("excess", "Available to draw", |b| b.certificate.base.excess.into()),
    ];
    Table::of("clients", say("portfolio_borrowing_base.table_clients"), books, fields)
}

fn roll_forward(books: &[ClientBook]) -> Table {
    let title = say("portfolio_borrowing_base.table_roll_forward");
    let fields = vec![
        field("client", "Client", |b: &ClientBook| Cell::from(&b.client)),
        field("currency", "Currency", |b| b.currency.code().into()),
        field("from", "From month-end", |b| b.certificate.roll_forward.from.into()),
        total("opening", "Opening", |b| b.certificate.roll_forward.opening.into()),
        total("sales", "Sales", |b| b.certificate.roll_forward.sales.into()),
        total("collections", "Collections", |b| b.certificate.roll_forward.collections.into()),
        total("credits", "Credits", |b| b.certificate.roll_forward.credits.into()),
        total("write_offs", "Write-offs", |b| b.certificate.roll_forward.write_offs.into()),
        total("closing", "Closing", |b| b.certificate.roll_forward.closing.into()),
    ];
    Table::of("roll_forward", title, books, fields)
}
