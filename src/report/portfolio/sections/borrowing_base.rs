use portfolio::ClientBook;

use super::super::sheet::{Cell, Section, Table, field, total};
use app::PortfolioReport;

/// What each client may draw.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let overdrawn = report.books.iter().filter(|book| book.certificate.base.excess.minor() < 0);
    let over: Vec<&str> = overdrawn.map(|book| book.client.as_str()).collect();
    let verdict = if over.is_empty() {
        "No client is overadvanced.".to_owned()
    } else {
        format!("Overadvanced: {}.", over.join(", "))
    };
    Section {
        key: "borrowing_base",
        title: "Borrowing base",
        notes: vec![
            verdict,
            "Eligible by each client's policy; net availability or the line, whichever is less, less what is \
             outstanding. A negative amount that may be drawn is an overadvance."
                .to_owned(),
        ],
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
        total("excess", "May still be drawn", |b| b.certificate.base.excess.into()),
    ];
    Table::of("clients", "Borrowing base of each client", books, fields)
}

fn roll_forward(books: &[ClientBook]) -> Table {
    let title = "Roll-forward: opening + sales - collections - credits - write-offs = closing";
    let fields = vec![
        field("client", "Client", |b: &ClientBook| Cell::from(&b.client)),
        field("currency", "Currency", |b| b.currency.code().into()),
        field("from", "From the end of", |b| b.certificate.roll_forward.from.into()),
        total("opening", "Opening", |b| b.certificate.roll_forward.opening.into()),
        total("sales", "Sales", |b| b.certificate.roll_forward.sales.into()),
        total("collections", "Collections", |b| b.certificate.roll_forward.collections.into()),
        total("credits", "Credits", |b| b.certificate.roll_forward.credits.into()),
        total("write_offs", "Write-offs", |b| b.certificate.roll_forward.write_offs.into()),
        total("closing", "Closing", |b| b.certificate.roll_forward.closing.into()),
    ];
    Table::of("roll_forward", title, books, fields)
}
