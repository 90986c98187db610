//! Statements and reminders for a collector to send: one text and one page for each debtor of the
//! worklist.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use maud::html;

use basics::{Money, from_day_number};
use portfolio::{BookInvoice, NextStep, ToCollect};
use scratch::Folder;

use super::super::ReportError;
use super::super::html::document;
use super::super::write::{make_folder, write_by};
use app::PortfolioReport;

/// Longest name of a file.
const MOST: usize = 60;

/// Writes a statement and reminder for every debtor of whom something is past due, `NAME.txt` and
/// `NAME.html`, into a folder for each client below `folder`, and returns how many.
///
/// # Errors
/// [`ReportError`] naming the file or folder.
pub fn write_letters(report: &PortfolioReport, folder: &Path) -> Result<usize, ReportError> {
    make_folder(folder)?;
    let mut folders: BTreeMap<&str, PathBuf> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let mut drafts = None;
    for row in &report.collections.worklist {
        let client = folders
            .entry(&row.client)
            .or_insert_with(|| folder.join(unique(&safe(&row.client), &mut taken)));
        let client = client.clone();
        make_folder(&client)?;
        let drafts = match &mut drafts {
            Some(drafts) => drafts,
            none => none.insert(Folder::within(folder).map_err(|source| ReportError::File {
                file: folder.display().to_string(),
                source,
            })?),
        };
        let name = format!("{}/{}-{}", client.display(), safe(&row.id), safe(&row.name));
        let path = unique(&name, &mut taken);
        let letter = Letter::of(report, row);
        for (ending, text) in [("txt", letter.text()), ("html", letter.html())] {
            let path = PathBuf::from(format!("{path}.{ending}"));
            write_by(drafts, &path, |out| -> Result<(), ReportError> {
                Ok(out.write_all(text.as_bytes())?)
            })?;
        }
    }
    Ok(report.collections.worklist.len())
}

/// A name that no other has, also where upper and lower case are one; a number behind it if need
/// be.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    // There is always another number.
    let free = names.find(|name| taken.insert(name.to_lowercase()));
    free.unwrap_or_else(|| name.to_owned())
}

/// A name that is safe for a file: letters, digits, blanks and hyphens, never empty.
fn safe(name: &str) -> String {
    let kept = name.chars().map(|c| if c.is_alphanumeric() || c == ' ' { c } else { '-' });
    let kept: String = kept.take(MOST).collect();
    let kept = kept.trim_matches([' ', '-']).to_owned();
    if kept.is_empty() { "unnamed".to_owned() } else { kept }
}

/// A letter.
struct Letter<'a> {
    row: &'a ToCollect,
    date: String,
    invoices: Vec<[String; 5]>,
}

impl<'a> Letter<'a> {
    fn of(report: &'a PortfolioReport, row: &'a ToCollect) -> Self {
        let book = &report.books[row.book];
        let day = book.day();
        let own = book.invoices.iter().filter(|invoice| invoice.debtor == row.debtor);
        let mut own: Vec<&BookInvoice> = own.collect();
        own.sort_by_key(|invoice| (invoice.due, invoice.number.as_str()));
        let line = |invoice: &&BookInvoice| {
            let late = (day - invoice.due).max(0);
            let late = if late > 0 { late.to_string() } else { "-".to_owned() };
            let disputed = if invoice.disputed { " (disputed)" } else { "" };
            [
                format!("{}{disputed}", invoice.number),
                from_day_number(invoice.issue).to_string(),
                from_day_number(invoice.due).to_string(),
                late,
                Money::from_minor(invoice.open, book.currency).grouped(),
            ]
        };
        Self { row, date: report.as_of.to_string(), invoices: own.iter().map(line).collect() }
    }

    fn subject(&self) -> String {
        let what = match self.row.step {
            NextStep::ApplyCredit => "Statement of account",
            NextStep::Dispute => "Statement of account: your query",
            NextStep::Reminder => "Statement of account and reminder",
            NextStep::Call => "Second reminder",
            NextStep::Hold => "Overdue account: further deliveries on credit",
            NextStep::Legal => "Final demand",
        };
        format!("{what}, {}", self.date)
    }

    fn paragraphs(&self) -> Vec<String> {
        let row = self.row;
        let currency = row.open.currency();
        let due = format!("{} {currency}", row.past_due.grouped());
        let first = format!(
            "According to our books on {} you owe {} {} {currency}, of which {due} is past due. The oldest \
             invoice was due on {}.",
            self.date,
            row.client,
            row.open.grouped(),
            row.since
        );
        let ask = match row.step {
            NextStep::ApplyCredit => {
                "Your credits cover what is past due. Please tell us against which invoices they are to be set."
            }
            NextStep::Dispute => {
                "You have raised a query on invoices below. Please send us what it rests on, so that it can be \
                 settled, and pay what is not in question."
            }
            NextStep::Reminder => {
                "This may have escaped your attention. Please let us have your payment, or tell us when it will come; \
                 if it is on its way, please disregard this letter."
            }
            NextStep::Call => {
                "We have not received your payment and will call you in the next days. Please tell us by return on which \
                 day you will pay."
            }
            NextStep::Hold => {
                "Until the amounts past due are paid, further deliveries can only be made against payment in advance."
            }
            NextStep::Legal => {
                "Unless the amounts past due reach us within ten days we will hand the matter over for collection \
                 without further notice."
            }
        };
        vec![first, ask.to_owned()]
    }

    /// What is below the invoices: credits where there are any, and the total.
    fn sums(&self) -> Vec<(&'static str, String)> {
        let (open, unapplied) = (self.row.open, self.row.unapplied);
        if unapplied.minor() == 0 {
            return vec![("Total", open.grouped())];
        }
        // Both are sums of one debtor's amounts.
        let net = Money::from_minor(open.minor() - unapplied.minor(), open.currency());
        vec![
            ("Credits not yet set against invoices", format!("-{}", unapplied.grouped())),
            ("Total", net.grouped()),
        ]
    }

    fn text(&self) -> String {
        let mut out = format!("{}\n\n{}\n\n", self.row.name, self.subject());
        for paragraph in self.paragraphs() {
            out.push_str(&paragraph);
            out.push_str("\n\n");
        }
        let currency = self.row.open.currency();
        let head = ["Invoice", "Issued", "Due", "Days late", "Open"].map(str::to_owned);
        for [number, issued, due, late, open] in std::iter::once(&head).chain(&self.invoices) {
            let line = format!("{number:<24} {issued:<10} {due:<10} {late:>9} {open:>16}\n");
            out.push_str(&line);
        }
        let client = &self.row.client;
        for (name, amount) in self.sums() {
            // Writing to a text cannot fail.
            let _ = writeln!(out, "{name:<56} {amount:>16} {currency}");
        }
        out + &format!("\n{client}\n")
    }

    fn html(&self) -> String {
        let currency = self.row.open.currency();
        let body = html! {
            p { (self.row.name) }
            h1 { (self.subject()) }
            @for paragraph in self.paragraphs() { p { (paragraph) } }
            table {
                thead {
                    tr {
                        th { "Invoice" } th { "Issued" } th { "Due" }
                        th.num { "Days late" } th.num { "Open, " (currency) }
                    }
                }
                tbody {
                    @for [number, issued, due, late, open] in &self.invoices {
                        tr {
                            td { (number) } td { (issued) } td { (due) }
                            td.num { (late) } td.num { (open) }
                        }
                    }
                }
                tfoot {
                    @for (name, amount) in self.sums() {
                        tr { th colspan="4" { (name) } td.num { (amount) } }
                    }
                }
            }
            p { (self.row.client) }
        };
        document(&self.subject(), &body).into_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_cannot_leave_their_folder() {
        assert_eq!(safe("../../etc/passwd"), "etc-passwd");
        assert_eq!(safe("Åst & Co. / GmbH"), "Åst - Co- - GmbH");
        assert_eq!(safe("..."), "unnamed");
        assert_eq!(safe(&"x".repeat(300)).len(), MOST);
        let mut taken = BTreeSet::new();
        let names = ["A-B", "a-b", "A-B"].map(|name| unique(name, &mut taken));
        assert_eq!(names, ["A-B", "a-b-2", "A-B-3"]);
    }
}
