use maud::{Markup, html};

use basics::grouped;
use words::{Fact, Facts, say, say_with};

use super::super::html::{document, percent, shortened};
use super::sheet::{Cell, Section, Table};
use app::{Failure, PortfolioReport};

/// The most rows of a table on the page; the other files have all of them.
const MOST_ROWS: usize = 40;

/// Renders the page: complete in itself, readable offline, under 5 MB whatever the portfolio.
pub fn portfolio_html(report: &PortfolioReport, sections: &[Section]) -> String {
    let title = say_with("portfolio_page.title", &Facts::new().with("date", report.as_of));
    let body = html! {
        header {
            p.brand { "Factorage" }
            h1 { (title) }
            p.lead {
                (lead(report))
            }
            @if !report.failures.is_empty() { (failures(report)) }
        }
        nav aria-label=(say("portfolio_page.contents")) {
            @for section in sections { a href={ "#" (section.key) } { (section.title) } }
        }
        main { @for section in sections { (drawn_section(section)) } }
    };
    document(&title, &body).into_string()
}

/// The size of the portfolio, and how its debtors were matched across clients.
fn lead(report: &PortfolioReport) -> String {
    let mut clients: Vec<&str> = report.books.iter().map(|book| book.client.as_str()).collect();
    // A client has one book for each of its currencies, next to each other.
    clients.dedup();
    let invoices: usize = report.books.iter().map(|book| book.invoices.len()).sum();
    let number = |count: usize| Fact::Count(count.try_into().unwrap_or(i64::MAX));
    let facts = Facts::new()
        .with("clients", number(clients.len()))
        .with("invoices", number(invoices))
        .with("match_rule", report.match_rule);
    say_with("portfolio_page.lead", &facts)
}

fn failed(failure: &Failure) -> String {
    let facts = Facts::new()
        .with("client", failure.client.as_str())
        .with("reason", shortened(&failure.reason, 300).into_owned());
    say_with("portfolio_page.failure", &facts)
}

/// The note below a table that shows only its first rows.
fn cut(rows: usize) -> String {
    let facts = Facts::new()
        .with("shown", grouped(&MOST_ROWS.to_string()))
        .with("all", grouped(&rows.to_string()));
    say_with("portfolio_page.cut", &facts)
}

fn failures(report: &PortfolioReport) -> Markup {
    html! {
        aside.notice.strong {
            p { (say("portfolio_page.failures")) }
            ul {
                @for failure in &report.failures {
                    li { (failed(failure)) }
                }
            }
        }
    }
}

fn drawn_section(section: &Section) -> Markup {
    html! {
        section id=(section.key) {
            h2 { (section.title) }
            @for note in &section.notes { p { (note) } }
            div.charts[!section.charts.is_empty()] {
                @for chart in &section.charts {
                    figure { figcaption { (chart.title()) } (chart.render()) }
                }
            }
            @for table in &section.tables { (drawn_table(table)) }
        }
    }
}

fn drawn_table(table: &Table) -> Markup {
    let numeric: Vec<bool> = (0..table.columns.len())
        .map(|at| !table.rows.iter().any(|row| matches!(row[at], Cell::Text(_))))
        .collect();
    html! {
        h3 { (table.title) }
        @if table.rows.is_empty() {
            p.note { (say("portfolio_page.no_rows")) }
        } @else {
            div.scroll role="region" aria-label=(table.title) tabindex="0" {
                table {
                    caption { (table.title) }
                    thead {
                        tr {
                            @for (column, numeric) in table.columns.iter().zip(&numeric) {
                                th.num[*numeric] scope="col" { (column.title) }
                            }
                        }
                    }
                    tbody {
                        @for row in table.rows.iter().take(MOST_ROWS) {
                            tr {
                                @for (at, cell) in row.iter().enumerate() {
                                    @if at == 0 {
                                        th.num[numeric[at]] scope="row" { (shown(cell)) }
                                    } @else {
                                        td.num[numeric[at]].long[is_sentence(cell)] {
                                            (shown(cell))
                                        }
                                    }
                                }
                            }
                        }
                    }
                    @if table.has_sums() { (sums(table, &numeric)) }
                }
            }
            @if table.rows.len() > MOST_ROWS {
                p.note { (cut(table.rows.len())) }
            }
        }
    }
}

/// True if a text is long enough to need a wide column.
fn is_sentence(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(text) if text.chars().count() > 40)
}

fn sums(table: &Table, numeric: &[bool]) -> Markup {
    html! {
        tfoot {
            tr {
                @for (at, numeric) in numeric.iter().enumerate() {
                    @if at == 0 {
                        th scope="row" { (say("portfolio_page.total")) }
                    } @else {
                        td.num[*numeric] { @if let Some(sum) = table.sum(at) { (shown(&sum)) } }
                    }
                }
            }
        }
    }
}

/// A cell as it is shown to a reader.
pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => shortened(text, 200).into_owned(),
        Cell::Count(count) => grouped(&count.to_string()),
        Cell::Amount(amount) => amount.grouped(),
        Cell::Share(share) => percent(100.0 * share, 2),
        Cell::Number(number, decimals) => grouped(&format!("{number:.decimals$}")),
        Cell::Day(day) => day.to_string(),
        Cell::None => "–".to_owned(),
    }
}
