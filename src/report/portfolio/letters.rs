//! Statements and payment reminders for a collector to send: one text and one page for each debtor
//! on the worklist.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use maud::html;

use basics::{Currency, Money, from_day_number};
use portfolio::{BookInvoice, NextStep, ToCollect};
use scratch::Folder;
use words::{Facts, say, say_with};

use super::super::ReportError;
use super::super::html::document;
use super::super::write::{make_folder, write_by};
use app::PortfolioReport;

/// Characters of a client's or debtor's name that go into the name of a file.
const MOST: usize = 60;

/// Writes a statement and reminder for every debtor with a past-due balance, as `NAME.txt` and
/// `NAME.html` in a folder for each client below `folder`, and returns the number of debtors.
///
/// # Errors
/// If a folder cannot be made or a file cannot be written; the error names it.
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
        // One folder of drafts serves all letters: a portfolio may have thousands of them.
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

/// Makes a name unique by a number after it where needed. Case does not count, because two such
/// names are one file on Windows and macOS.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    // There is always another number.
    let free = names.find(|name| taken.insert(name.to_lowercase()));
    free.unwrap_or_else(|| name.to_owned())
}

/// Makes a name safe for a file: letters, digits, blanks and hyphens, never empty.
fn safe(name: &str) -> String {
    let kept = name.chars().map(|c| if c.is_alphanumeric() || c == ' ' { c } else { '-' });
    let kept: String = kept.take(MOST).collect();
    let kept = kept.trim_matches([' ', '-']).to_owned();
    if kept.is_empty() { "unnamed".to_owned() } else { kept }
}

/// The headings of the invoices, whose amounts are in this currency.
fn headings(currency: Currency) -> [String; 5] {
    [
        say("letter.number"),
        say("letter.issued"),
        say("letter.due"),
        say("letter.late"),
        say_with("letter.open_in", &Facts::new().with("currency", currency)),
    ]
}

/// A letter to one debtor.
struct Letter<'a> {
    row: &'a ToCollect,
    date: NaiveDate,
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
            let number = invoice.number.as_str();
            let number = if invoice.disputed {
                say_with("letter.disputed", &Facts::new().with("number", number))
            } else {
                number.to_owned()
            };
            [
                number,
                from_day_number(invoice.issue).to_string(),
                from_day_number(invoice.due).to_string(),
                late,
                Money::from_minor(invoice.open, book.currency).grouped(),
            ]
        };
        Self { row, date: report.as_of, invoices: own.iter().map(line).collect() }
    }

    fn subject(&self) -> String {
        let title = match self.row.step {
            NextStep::ApplyCredit => say("letter_apply_credit.title"),
            NextStep::Dispute => say("letter_dispute.title"),
            NextStep::Reminder => say("letter_reminder.title"),
            NextStep::Call => say("letter_call.title"),
            NextStep::Hold => say("letter_hold.title"),
            NextStep::Legal => say("letter_legal.title"),
        };
        say_with("letter.subject", &Facts::new().with("title", title).with("date", self.date))
    }

    fn paragraphs(&self) -> Vec<String> {
        let row = self.row;
        let balance = Facts::new()
            .with("client", row.client.as_str())
            .with("date", self.date)
            .with("open", row.open)
            .with("past_due", row.past_due)
            .with("since", row.since)
            .with("currency", row.open.currency());
        let ask = match row.step {
            NextStep::ApplyCredit => say("letter_apply_credit.ask"),
            NextStep::Dispute => say("letter_dispute.ask"),
            NextStep::Reminder => say("letter_reminder.ask"),
            NextStep::Call => say("letter_call.ask"),
            NextStep::Hold => say("letter_hold.ask"),
            NextStep::Legal => say("letter_legal.ask"),
        };
        vec![say_with("letter.balance", &balance), ask]
    }

    /// The rows below the invoices: credits where there are any, and the total.
    fn sums(&self) -> Vec<(String, String)> {
        let (open, unapplied) = (self.row.open, self.row.unapplied);
        if unapplied.minor() == 0 {
            return vec![(say("letter.total"), open.grouped())];
        }
        // Both are sums of one debtor's amounts.
        let net = Money::from_minor(open.minor() - unapplied.minor(), open.currency());
        vec![
            (say("letter.credits"), format!("-{}", unapplied.grouped())),
            (say("letter.total"), net.grouped()),
        ]
    }

    fn text(&self) -> String {
        let mut out = format!("{}\n\n{}\n\n", self.row.name, self.subject());
        for paragraph in self.paragraphs() {
            out.push_str(&paragraph);
            out.push_str("\n\n");
        }
        let currency = self.row.open.currency();
        let mut head = headings(currency);
        // Below the amounts every total names the currency.
        head[4] = say("letter.open");
        for [number, issued, due, late, open] in std::iter::once(&head).chain(&self.invoices) {
            let line = format!("{number:<24} {issued:<10} {due:<10} {late:>13} {open:>16}\n");
            out.push_str(&line);
        }
        let client = &self.row.client;
        for (name, amount) in self.sums() {
            // Writing to a text cannot fail.
            // As wide as the four columns before the amounts above.
            let _ = writeln!(out, "{name:<60} {amount:>16} {currency}");
        }
        out + &format!("\n{client}\n")
    }

    fn html(&self) -> String {
        let [number, issued, due, late, open] = headings(self.row.open.currency());
        let body = html! {
            p { (self.row.name) }
            h1 { (self.subject()) }
            @for paragraph in self.paragraphs() { p { (paragraph) } }
            table {
                thead {
                    tr {
                        th { (number) } th { (issued) } th { (due) }
                        th.num { (late) } th.num { (open) }
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

    fn usd(cents: i64) -> Money {
        Money::from_minor(cents, Currency::USD)
    }

    fn row(step: NextStep, unapplied: i64) -> ToCollect {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
        ToCollect {
            book: 0,
            debtor: 0,
            client: "South Supply".to_owned(),
            id: "10".to_owned(),
            name: "Alder Mill".to_owned(),
            open: usd(125_000),
            past_due: usd(70_000),
            disputed: usd(0),
            unapplied: usd(unapplied),
            since: day(5, 1),
            days: 60,
            last_paid: None,
            late: (None, None),
            at_stake: usd(70_000),
            step,
        }
    }

    fn letter(row: &ToCollect) -> Letter<'_> {
        let date = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day");
        let cells = ["A-1 (disputed)", "2026-04-01", "2026-05-01", "60", "1,250.00"];
        Letter { row, date, invoices: vec![cells.map(str::to_owned)] }
    }

    #[test]
    fn a_letter_names_the_balance_and_what_to_do() {
        let row = row(NextStep::Reminder, 5_000);
        let text = letter(&row).text();
        let expected = "\
Alder Mill

Statement of account and payment reminder, 2026-06-30

Our records show an open balance of 1,250.00 USD on your account with South Supply as of \
2026-06-30. Of this, 700.00 USD is past due; the oldest unpaid invoice was due on 2026-05-01.

You may have overlooked this. Please send your payment or tell us when to expect it. If your \
payment is already on its way, please disregard this letter.

Invoice                  Issued     Due        Days past due     Open balance
A-1 (disputed)           2026-04-01 2026-05-01            60         1,250.00
Less credits not yet applied to invoices                               -50.00 USD
Total                                                                1,200.00 USD

South Supply
";
        assert_eq!(text, expected);
    }

    #[test]
    fn every_next_step_has_a_letter_of_its_own() {
        use NextStep::{ApplyCredit, Call, Dispute, Hold, Legal, Reminder};
        let mut letters = BTreeSet::new();
        for step in [ApplyCredit, Dispute, Reminder, Call, Hold, Legal] {
            let row = row(step, 0);
            let letter = letter(&row);
            let page = letter.html();
            assert!(page.contains("Open balance, USD") && page.contains(&letter.subject()));
            letters.insert(letter.paragraphs());
        }
        assert_eq!(letters.len(), 6);
    }
}
