use std::fmt::Write as _;

use basics::{Money, counted, grouped};
use ledger::{FootingCertificate, Note, reading, warning};
use offer::{ChangeKind, OfferPart, PartTotals, Percent};

use app::Evaluation;

use super::held::by_reason;

/// The most parts shown in full; more are shown as one line each.
const IN_FULL: usize = 3;

/// Days between the last entry of a ledger and the as-of date beyond which the summary warns.
const STALE_DAYS: i64 = 31;

/// The most parts shown as one line each.
const AS_LINES: usize = 40;

/// The most changed invoices that are named.
const CHANGES: usize = 3;

/// The most held invoices of one reason that are named.
const HELD: usize = 5;

/// The most notes, and the most rejects, that are shown.
pub(super) const SHOWN: usize = 10;

/// Returns the summary for a terminal: the as-of date with its reason, the ledger's footing, then
/// each client's offer.
pub fn summary(evaluation: &Evaluation) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_summary(evaluation, &mut text);
    printable(&text)
}

/// Replaces control characters other than line ends, so that a name in a ledger cannot drive the
/// terminal.
pub fn printable(text: &str) -> String {
    let shown = |c: char| if c.is_control() && c != '\n' { '\u{FFFD}' } else { c };
    text.chars().map(shown).collect()
}

fn write_summary(evaluation: &Evaluation, out: &mut String) -> std::fmt::Result {
    let offer = &evaluation.offer;
    writeln!(out, "As of {}: {}.", offer.as_of, offer.as_of_reason)?;
    for date in &evaluation.provenance.dates_set_aside {
        let times = counted(date.occurrences as u64, "date", "dates");
        writeln!(
            out,
            "Ignored in choosing the as-of date, as too far from all others: {} ({times}).",
            date.date
        )?;
    }
    for later in &evaluation.provenance.future_dated {
        writeln!(
            out,
            "Not considered: {} dated after the as-of date, {} {}.",
            counted(later.invoices as u64, "invoice", "invoices"),
            later.face.grouped(),
            later.currency
        )?;
    }
    let ledger_date = evaluation.provenance.ledger_date;
    if (offer.as_of - ledger_date).num_days() > STALE_DAYS {
        writeln!(out, "The ledger ends on {ledger_date}, long before the as-of date.")?;
    }
    certificate_text(&evaluation.certificate, out)?;
    for note in &evaluation.certificate.readings {
        // The one reading that would change every amount if it were wrong.
        if note.code == reading::MAJOR_UNITS {
            writeln!(out, "  {}", note.message)?;
        }
    }
    sums(&evaluation.certificate, out)?;
    // Invoices dated later are already in the lines above.
    let told = |note: &&Note| note.code != warning::FUTURE_DATED;
    let warnings: Vec<&Note> = evaluation.warnings.iter().filter(told).collect();
    notes("Warnings", &warnings, &evaluation.certificate, out)?;
    if offer.parts.is_empty() {
        writeln!(out, "\nNo invoice is open, so there is nothing to buy.")?;
    }
    if offer.parts.len() <= IN_FULL {
        offer.parts.iter().try_for_each(|p| part(p, &evaluation.offer.policy.name, out))?;
    } else {
        overview(&offer.parts, out)?;
    }
    match offer.no_offer() {
        Some(reason) => writeln!(out, "\nThere is no offer: {}.", reason.trim_end_matches('.')),
        None if offer.only_holds() => writeln!(
            out,
            "\nNothing is paid until customers confirm. The offer is valid until {}.",
            offer.valid_until
        ),
        None => writeln!(out, "\nThe offer is valid until {}.", offer.valid_until),
    }
}

/// Names of rows other than invoices, singular and plural, in the order of `Classes::by_name`.
pub(super) const CLASSES: [(&str, &str); 13] = [
    ("credit note", "credit notes"),
    ("payment", "payments"),
    ("write-off", "write-offs"),
    ("adjustment", "adjustments"),
    ("invoice line", "invoice lines"),
    ("customer", "customers"),
    ("subtotal", "subtotals"),
    ("total", "totals"),
    ("group header", "group headers"),
    ("title", "titles"),
    ("blank row", "blank rows"),
    ("void or draft document", "void or draft documents"),
    ("other row", "other rows"),
];

/// Writes where the rows went, the control totals and the assumptions made.
pub(super) fn certificate_text(
    certificate: &FootingCertificate,
    out: &mut String,
) -> std::fmt::Result {
    let rows = &certificate.rows;
    let mut places = vec![counted(rows.invoices, "invoice", "invoices")];
    let classified = rows.classified.by_name();
    let classified = classified.iter().zip(CLASSES).map(|((_, n), (one, many))| (*n, one, many));
    for (number, one, many) in classified.chain([(rows.rejects, "reject", "rejects")]) {
        if number > 0 {
            places.push(counted(number, one, many));
        }
    }
    let foots = if certificate.foots { "it foots" } else { "IT DOES NOT FOOT" };
    writeln!(
        out,
        "Ledger: {} in = {}; {foots}.",
        counted(rows.read, "row", "rows"),
        places.join(" + ")
    )?;
    for totals in &certificate.currencies {
        write!(out, "  {}: invoiced {}", totals.currency, totals.face.grouped())?;
        for (amount, word) in [
            (totals.payments, "paid"),
            (totals.credits, "credited"),
            (totals.write_offs, "written off"),
            (totals.adjustments, "adjusted"),
        ] {
            if amount.minor() != 0 {
                write!(out, ", {} {word}", amount.grouped())?;
            }
        }
        // Credit notes and rejected rows come after the balance, because it counts neither.
        write!(out, "; {} open", totals.open.grouped())?;
        if totals.credit_note_amount.minor() != 0 {
            write!(out, ", before {} in credit notes", totals.credit_note_amount.grouped())?;
        }
        if !totals.rejected.is_zero() {
            write!(out, "; {} in rejected rows", grouped(&totals.rejected.to_string()))?;
        }
        writeln!(out)?;
    }
    assumptions(certificate, out)
}

/// Writes notes under a title; where there is only one file its name is left out.
pub(super) fn notes(
    title: &str,
    notes: &[&Note],
    certificate: &FootingCertificate,
    out: &mut String,
) -> std::fmt::Result {
    if notes.is_empty() {
        return Ok(());
    }
    let only = match certificate.files.as_slice() {
        [file] => file.name.as_str(),
        _ => "",
    };
    writeln!(out, "{title}:")?;
    // Sheets beside the ledger can be many and matter least: they come last, so that they never
    // push another warning beyond the limit.
    let aside = |note: &&&Note| note.code == warning::IGNORED_SHEET;
    let first = notes.iter().filter(|note| !aside(note));
    for note in first.chain(notes.iter().filter(aside)).take(SHOWN) {
        let message = match note.message.strip_prefix(only) {
            Some(rest) if !only.is_empty() => rest.trim_start_matches([':', ',', ' ']),
            _ => &note.message,
        };
        writeln!(out, "  {}: {message}", note.code)?;
    }
    more(notes.len(), out)
}

/// Writes how many entries are not shown.
pub(super) fn more(all: usize, out: &mut String) -> std::fmt::Result {
    match all.saturating_sub(SHOWN) {
        0 => Ok(()),
        rest => writeln!(out, "  and {} more", grouped(&rest.to_string())),
    }
}

/// Writes a warning where totals stated in the files differ from their rows.
fn sums(certificate: &FootingCertificate, out: &mut String) -> std::fmt::Result {
    let failing = certificate.checks.iter().filter(|check| !check.difference.is_zero()).count();
    if failing > 0 {
        let all = certificate.checks.len();
        writeln!(out, "  {}", differing(all, failing))?;
    }
    Ok(())
}

/// The sentence on totals stated in the files that differ from their rows.
pub(super) fn differing(all: usize, failing: usize) -> String {
    let differ = if failing == 1 { "DIFFERS" } else { "DIFFER" };
    match all {
        1 => format!("The one total stated in the files {differ} from its rows."),
        _ => format!("{failing} of {all} totals stated in the files {differ} from the rows."),
    }
}

fn assumptions(certificate: &FootingCertificate, out: &mut String) -> std::fmt::Result {
    let assumed = &certificate.assumptions;
    let days = counted(assumed.terms_days, "day", "days");
    for (number, lacking, instead) in [
        (assumed.currency_assumed, "currency", assumed.currency.to_string()),
        (assumed.due_date_assumed, "due date", format!("invoice date + {days}")),
        (assumed.invoice_date_assumed, "invoice date", format!("due date - {days}")),
    ] {
        if number > 0 {
            let rows = counted(number, "row", "rows");
            writeln!(out, "  {rows} without {lacking}: {instead} assumed.")?;
        }
    }
    let ignored: Vec<_> = certificate.files.iter().flat_map(|f| &f.ignored_columns).collect();
    if !ignored.is_empty() {
        let names: Vec<_> = ignored.iter().take(12).map(|name| name.as_str()).collect();
        writeln!(out, "  Columns not read: {}.", names.join(", "))?;
    }
    Ok(())
}

fn part(part: &OfferPart, policy: &str, out: &mut String) -> std::fmt::Result {
    let totals = &part.totals;
    let client = if part.client.is_empty() { "Offer" } else { &part.client };
    writeln!(out, "\n{client} ({}), policy {policy}", part.currency)?;
    row(out, "Open invoices", Some(totals.open_invoices), totals.gross, "")?;
    for step in part.waterfall.iter().filter(|step| step.invoices > 0) {
        let label = format!("- {}", step.title);
        row(out, &label, Some(step.invoices), step.amount, "")?;
    }
    row(out, "Amount bought", Some(totals.bought_invoices), totals.amount_bought, "")?;
    if totals.bought_invoices > 0 {
        paid_now(totals, out)?;
    }
    if let Some(held) = totals.held {
        row(out, "Bought once confirmed", Some(held.invoices), held.amount, "at most")?;
        let note = "paid once the customers confirm these invoices";
        row(out, "Advance once confirmed", None, held.advance, note)?;
        for group in by_reason(part) {
            let numbers = group.lines.iter().take(HELD).map(|line| line.invoice_number.as_str());
            let mut numbers = numbers.collect::<Vec<_>>().join(", ");
            let more = group.lines.len().saturating_sub(HELD);
            if more > 0 {
                numbers = format!("{numbers} and {more} more");
            }
            let label = format!("- {}", group.reason.title());
            row(out, &label, Some(group.lines.len()), group.amount(part), &numbers)?;
        }
    }
    if totals.bought_invoices > 0 {
        price(part, out)?;
    } else if totals.held.is_some() {
        writeln!(out, "  The fee: {}.", part.terms.fee_plan.words())?;
    }
    changed(part, out)?;
    if let Some(decline) = &part.decline {
        writeln!(out, "  Declined: {}", decline.sentence)?;
    }
    if let Some(yields) = part.yields {
        writeln!(
            out,
            "  Factor's yield {} a year on funds employed, {} after cost of funds.",
            percent(Some(yields.before_cost_of_funds_percent)),
            percent(Some(yields.after_cost_of_funds_percent))
        )?;
    }
    writeln!(out, "  {}", part.scoring.sentence)?;
    for condition in &part.conditions {
        let invoices = counted(condition.invoices as u64, "invoice", "invoices");
        writeln!(out, "  Condition ({invoices}): {}", condition.sentence)?;
    }
    part.notices.iter().try_for_each(|notice| writeln!(out, "  Note: {}", notice.text))
}

/// Writes a line of the summary: a label, a number of invoices, an amount, a note.
fn row(
    out: &mut String,
    label: &str,
    invoices: Option<usize>,
    amount: Money,
    note: &str,
) -> std::fmt::Result {
    let invoices = invoices.map_or(String::new(), |n| grouped(&n.to_string()));
    let row = format!("  {label:<34}{invoices:>8} {:>18}  {note}", amount.grouped());
    writeln!(out, "{}", row.trim_end())
}

/// Writes the cash of today's purchase.
fn paid_now(totals: &PartTotals, out: &mut String) -> std::fmt::Result {
    if let Some(late) = totals.bought_past_due.filter(|late| late.minor() > 0) {
        row(out, "of that, past due already", None, late, "")?;
    }
    let rate = format!("{} of it, paid at once", totals.advance_rate_percent);
    row(out, "Advance", None, totals.advance, &rate)?;
    if totals.prepaid_charges.minor() > 0 {
        row(out, "- charges at purchase", None, totals.prepaid_charges, "")?;
    }
    row(out, "Reserve", None, totals.reserve, "held back until the customers pay")
}

/// Writes the price of today's purchase, and the offers to choose from.
fn price(part: &OfferPart, out: &mut String) -> std::fmt::Result {
    let totals = &part.totals;
    let apr = format!("APR {}", percent(totals.apr_percent));
    row(out, "Fee, expected case", None, totals.fee, &apr)?;
    row(out, "Rebate, expected case", None, totals.expected_rebate, "")?;
    for day in &part.if_paid_after {
        let label = format!("Fee if all pay after {}", counted(day.days, "day", "days"));
        row(out, &label, None, day.fee, &format!("APR {}", percent(day.apr_percent)))?;
    }
    row(out, "Expected loss", None, totals.expected_loss, "")?;
    menu(part, out)
}

/// Writes how many invoices changed since the previous ledger, and the first of them; without one,
/// how many are billed anew, if any.
fn changed(part: &OfferPart, out: &mut String) -> std::fmt::Result {
    let invoices = counted(part.changes.len() as u64, "invoice", "invoices");
    let named = part.changes.iter().take(CHANGES).map(|change| {
        let kinds: Vec<&str> = change.kinds().map(ChangeKind::title).collect();
        format!("{} ({})", change.invoice_number, kinds.join("; "))
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let listed = match part.changes.len() {
        0 => ".".to_owned(),
        1..=CHANGES => format!(": {named}; listed in offer.json."),
        _ => format!(", among them {named}; all are listed in offer.json."),
    };
    match part.previous_ledger {
        Some(previous) => {
            writeln!(
                out,
                "  Changed since earlier ledgers, the last of {previous}: {invoices}{listed}"
            )
        }
        None if part.changes.is_empty() => Ok(()),
        None => writeln!(out, "  Credited and billed again: {invoices}{listed}"),
    }
}

/// Writes the offers to choose from.
fn menu(part: &OfferPart, out: &mut String) -> std::fmt::Result {
    for offer in &part.menu {
        let note = format!(
            "at once ({} advance), discount rate {}, costs {}, APR {}",
            offer.advance_rate_percent,
            offer.discount_rate_percent,
            offer.total_cost.grouped(),
            percent(offer.apr_percent)
        );
        let label = format!("Menu: {}", offer.choice.title().to_lowercase());
        writeln!(out, "  {label:<42} {:>18}  {note}", offer.net_funded.grouped())?;
    }
    Ok(())
}

fn overview(parts: &[OfferPart], out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "\n{:<24} {:>3} {:>8} {:>18} {:>18} {:>18} {:>9}",
        "client", "", "invoices", "open", "bought", "advance", "APR"
    )?;
    for part in parts.iter().take(AS_LINES) {
        let totals = &part.totals;
        writeln!(
            out,
            "{:<24} {} {:>8} {:>18} {:>18} {:>18} {:>9}",
            part.client,
            part.currency,
            totals.open_invoices,
            totals.gross.grouped(),
            totals.amount_bought.grouped(),
            totals.advance.grouped(),
            percent(totals.apr_percent)
        )?;
    }
    if parts.len() > AS_LINES {
        writeln!(out, "... and {} more; --out DIR writes them all.", parts.len() - AS_LINES)?;
    }
    let noted = parts.iter().filter(|p| !p.conditions.is_empty() || !p.notices.is_empty()).count();
    if noted > 0 {
        let have = if noted == 1 { "has" } else { "have" };
        writeln!(out, "{noted} of these {have} conditions or notes; --out DIR writes them.")?;
    }
    let unsure = parts.iter().filter(|p| p.scoring.basis != scoring::Basis::OwnHistory).count();
    if unsure > 0 {
        let rest = if unsure == 1 { "rests" } else { "rest" };
        writeln!(out, "{unsure} of these {rest} wholly or partly on the policy's prior curve.")?;
    }
    Ok(())
}

fn percent(percent: Option<Percent>) -> String {
    percent.map_or("-".to_owned(), |percent| format!("{:.2} %", percent.0))
}
