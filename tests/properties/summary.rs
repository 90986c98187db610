//! The summary of what was read, taken apart again: its counts add up to the rows, its amounts to
//! the open balance, and both are those of the certificate.

use factorage::ledger::FootingCertificate;
use rust_decimal::Decimal;

use super::exports::ensure;

/// A number as people read it: `1,234.50`.
fn number(text: &str) -> Result<Decimal, String> {
    text.replace(',', "").parse().map_err(|error| format!("{text}: {error}"))
}

/// The number that a part begins with, and the words behind it.
fn part(text: &str) -> Result<(Decimal, &str), String> {
    let (first, words) = text.split_once(' ').ok_or_else(|| format!("no words in '{text}'"))?;
    Ok((number(first)?, words))
}

/// Checks a summary of a ledger with this certificate; the error says what is wrong with it.
pub fn agrees(summary: &str, certificate: &FootingCertificate) -> Result<(), String> {
    rows_add_up(summary, certificate)?;
    let printed = |line: &&str| line.contains(": invoiced ");
    let lines = summary.lines().filter(printed).count();
    let all = certificate.currencies.len();
    ensure(lines >= all, || format!("sums of {lines} currencies of {all}"))?;
    certificate.currencies.iter().try_for_each(|totals| {
        let begins = format!("  {}: invoiced ", totals.currency);
        let line = summary.lines().find_map(|line| line.strip_prefix(&begins));
        let line = line.ok_or_else(|| format!("no sums in {}", totals.currency))?;
        // Before the first semicolon what was invoiced and settled, behind it what is left.
        let mut parts = line.split("; ").flat_map(|text| text.split(", "));
        let face = number(parts.next().unwrap_or_default())?;
        let words =
            ["paid", "credited", "written off", "in credit notes", "in rejected rows", "open"];
        let mut sums = words.map(|word| (word, Decimal::ZERO));
        for text in parts {
            let (amount, word) = part(text.trim_start_matches("before "))?;
            let sum = sums.iter_mut().find(|(known, _)| *known == word);
            sum.ok_or_else(|| format!("what is '{word}'?"))?.1 += amount;
        }
        let [paid, credited, written_off, in_notes, rejected, open] = sums.map(|(_, sum)| sum);
        let sums = [paid, credited, written_off, in_notes, rejected];
        let certified = [
            totals.payments.to_decimal(),
            totals.credits.to_decimal(),
            totals.write_offs.to_decimal(),
            totals.credit_note_amount.to_decimal(),
            totals.rejected,
        ];
        ensure(sums == certified, || format!("{sums:?} printed, {certified:?} certified"))?;
        let both = [(face, totals.face), (open, totals.open)];
        let same = both.iter().all(|(printed, certified)| *printed == certified.to_decimal());
        ensure(same, || format!("{both:?}"))?;
        let left = face - paid - credited - written_off - totals.adjustments.to_decimal();
        ensure(open == left, || format!("{face} invoiced leaves {left}, printed {open}"))
    })
}

/// `Ledger: 3 rows in = 2 invoices + 1 reject; it foots.`
fn rows_add_up(summary: &str, certificate: &FootingCertificate) -> Result<(), String> {
    let line = summary.lines().find_map(|line| line.strip_prefix("Ledger: "));
    let (rows, places) = line.and_then(|line| line.split_once(" in = ")).ok_or("no rows")?;
    let (places, foots) = places.split_once("; ").ok_or("no word on footing")?;
    let (rows, _) = part(rows)?;
    let places: Vec<(Decimal, &str)> =
        places.split(" + ").map(part).collect::<Result<_, String>>()?;
    let sum: Decimal = places.iter().map(|(count, _)| count).sum();
    ensure(rows == sum, || format!("{rows} rows printed, {sum} in their places"))?;
    let counted = |words: [&str; 2]| -> Decimal {
        places.iter().filter(|(_, word)| words.contains(word)).map(|(count, _)| count).sum()
    };
    let certified = certificate.rows;
    for (words, count) in [
        (["invoice", "invoices"], certified.invoices),
        (["credit note", "credit notes"], certified.classified.credit_note),
        (["payment", "payments"], certified.classified.payment),
        (["reject", "rejects"], certified.rejects),
    ] {
        let printed = counted(words);
        ensure(printed == Decimal::from(count), || format!("{printed} {}, not {count}", words[1]))?;
    }
    ensure(rows == Decimal::from(certified.read), || format!("{rows} of {}", certified.read))?;
    ensure((foots == "it foots.") == certificate.foots, || foots.to_owned())
}

#[test]
fn a_summary_with_another_count_or_amount_is_found() {
    use crate::evaluated::{date, policy};
    use factorage::app::{IngestRequest, ingest};
    use factorage::ledger::Source;
    use factorage::report::intake::intake_summary;

    let ledger = "number,customer,date,due,currency,amount,paid_date,paid_amount\n\
        1,Mill,2026-05-04,2026-06-03,USD,1250.00,2026-06-08,250.00\n\
        2,Mill,2026-05-18,2026-06-17,USD,2349.95,,\n\
        3,Mill,2026-05-18,2026-06-17,EUR,100.00,,\n\
        4,Mill,2026-05-20,2026-06-19,USD,-100.00,,\n\
        5,Mill,no date,,USD,7.00,,\n";
    let mut asked = IngestRequest::new([Source::bytes("ledger.csv", ledger)], policy(&[]));
    asked.as_of = Some(date("2026-06-30"));
    let ingested = ingest(&asked, &|_| ()).expect("a ledger");
    let (summary, certificate) = (intake_summary(&ingested), &ingested.ledger.certificate);
    assert_eq!(agrees(&summary, certificate), Ok(()), "{summary}");
    for (right, wrong) in [
        ("Ledger: 5 rows", "Ledger: 6 rows"),
        ("3 invoices", "2 invoices"),
        ("1 reject;", "2 rejects;"),
        ("3 invoices + 1 credit note", "2 invoices + 2 credit notes"),
        ("it foots", "IT DOES NOT FOOT"),
        ("invoiced 3,599.95", "invoiced 3,599.96"),
        ("250.00 paid", "251.00 paid"),
        ("100.00 in credit notes", "101.00 in credit notes"),
        ("7.00 in rejected rows", "8.00 in rejected rows"),
        ("3,349.95 open", "3,349.90 open"),
        ("EUR: invoiced 100.00", "EUR: issued 100.00"),
    ] {
        let changed = summary.replacen(right, wrong, 1);
        assert!(changed != summary, "{right} is not in {summary}");
        assert!(agrees(&changed, certificate).is_err(), "{changed}");
    }
}
