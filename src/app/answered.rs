//! The invoices that the answers of debtors are about, and the answers that do not count.

use std::collections::HashMap;

use basics::{Day, Money, counted, folded, from_day_number};
use ledger::{ClientPosition, InvoiceAt, Note, warning};
use policy::{ConfirmOutcome, ConfirmTerms, Confirmation, Confirmations};

use super::confirmations::{ClientAnswers, ConfirmationFile};
use super::context::Context;
use super::pool::owing;

/// The answers about one client, as its ledger spells their invoices.
pub(super) struct Answered {
    pub answers: Confirmations,
    pub told: Told,
}

/// The answers, by their places in the file, of which there is something to tell.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// About an invoice of the ledger.
    found: Vec<usize>,
    /// About one of several invoices that differ in the case of their numbers only.
    ambiguous: Vec<usize>,
    /// The last word on an open invoice, and too old to free it.
    expired: Vec<usize>,
    /// The last word on an open invoice, and dated before the day on which it was issued.
    early: Vec<(usize, Day)>,
    /// Of a larger amount than the invoice was ever for.
    above: Vec<usize>,
}

impl Told {
    /// Adds those of another client.
    pub fn extend(&mut self, other: Self) {
        self.found.extend(other.found);
        self.ambiguous.extend(other.ambiguous);
        self.expired.extend(other.expired);
        self.early.extend(other.early);
        self.above.extend(other.above);
    }

    /// Names the answers that do not count, and those that are about no invoice.
    pub fn notes(
        mut self,
        file: &ConfirmationFile,
        terms: Option<&ConfirmTerms>,
        as_of: Day,
    ) -> Vec<Note> {
        self.found.sort_unstable();
        self.ambiguous.sort_unstable();
        let mut notes = self.unknown(file, as_of);
        let later = |(_, (_, own)): &(usize, &(u64, Confirmation))| own.at.day() > as_of;
        let later = file.answers.iter().enumerate().filter(later).map(|(at, _)| at).collect();
        notes.extend(told_later(file, later, as_of));
        notes.extend(told_expired(file, self.expired, terms, as_of));
        notes.extend(told_early(file, self.early));
        notes.extend(told_above(file, self.above));
        notes
    }

    fn unknown(&self, file: &ConfirmationFile, as_of: Day) -> Vec<Note> {
        let all = file.answers.iter().enumerate().filter(|(at, (_, answer))| {
            answer.at.day() <= as_of && self.found.binary_search(at).is_err()
        });
        let note = |(at, (line, answer)): (usize, &(u64, Confirmation))| {
            let Confirmation { client, debtor, invoice, .. } = answer;
            let of = client.as_ref().map_or(String::new(), |client| format!(" of client {client}"));
            let message = if self.ambiguous.binary_search(&at).is_ok() {
                format!(
                    "several invoices owed by {debtor}{of} differ from {invoice} in upper and \
                     lower case only; write the number as the ledger does"
                )
            } else {
                format!("the ledger has no invoice {invoice} owed by {debtor}{of}")
            };
            let message = format!("{}, line {line}: {message}", file.name());
            Note::new(warning::UNKNOWN_INVOICE, message)
        };
        all.map(note).collect()
    }
}

impl Answered {
    /// The answers about a client, if there is a file of them.
    pub fn of(context: &Context<'_>, client: usize, position: &ClientPosition) -> Option<Self> {
        let own = context.confirmations?.of(client)?;
        let mut told = Told::default();
        let mut all = Vec::with_capacity(own.answers.len());
        let matches = matched(context, own, position);
        for ((answer, &place), invoices) in own.answers.iter().zip(&own.rows).zip(matches) {
            let number = |at: &usize| context.columns.number(position.invoices[*at].row).trim();
            match spelled(&answer.invoice, invoices.iter().map(number)) {
                Spelled::As(spelling) => {
                    told.found.push(place);
                    let answer = Confirmation { invoice: spelling.to_owned(), ..answer.clone() };
                    let same = invoices.iter().copied().filter(|at| number(at) == spelling);
                    let invoices = same.collect();
                    all.push(Matched { answer, place, invoices });
                }
                other => {
                    told.ambiguous.extend((other == Spelled::InSeveralWays).then_some(place));
                    all.push(Matched { answer: answer.clone(), place, invoices: Vec::new() });
                }
            }
        }
        tell_what_frees_nothing(context, position, &all, &mut told);
        let answers = all.into_iter().map(|own| own.answer).collect();
        Some(Self { answers: Confirmations::new(answers), told })
    }
}

/// An answer, its place in the file, and the invoices in the position that it is about.
struct Matched {
    answer: Confirmation,
    place: usize,
    invoices: Vec<usize>,
}

/// Tells which confirmations free none of the open invoices that they are about, because they
/// are too old or too early, and no other answer has followed.
fn tell_what_frees_nothing(
    context: &Context<'_>,
    position: &ClientPosition,
    all: &[Matched],
    told: &mut Told,
) {
    let Some(terms) = context.policy.confirm() else { return };
    let as_of = context.as_of.day();
    let by_then = || {
        all.iter().filter(|Matched { answer, .. }| {
            answer.at.day() <= as_of && answer.outcome != ConfirmOutcome::NoAnswer
        })
    };
    let precedes = |own: &Confirmation, invoice: &InvoiceAt| {
        !context.columns.issue_assumed(invoice.row) && own.precedes(invoice.issue)
    };
    // The last day on which anything was said of an invoice that is not too early.
    let mut last: HashMap<usize, Day> = HashMap::new();
    for Matched { answer: own, invoices, .. } in by_then() {
        for &at in invoices {
            if own.outcome.is_adverse() || !precedes(own, &position.invoices[at]) {
                let day = last.entry(at).or_insert(own.at.day());
                *day = own.at.day().max(*day);
            }
        }
    }
    let frees = |own: &Confirmation| {
        matches!(own.outcome, ConfirmOutcome::Confirmed | ConfirmOutcome::WrongAmount)
    };
    for &Matched { answer: ref own, place, ref invoices } in by_then() {
        if !frees(own) {
            continue;
        }
        let (mut expired, mut early, mut above) = (false, None, false);
        for &at in invoices {
            let invoice = &position.invoices[at];
            let is_last = last.get(&at).is_none_or(|&day| own.at.day() >= day);
            if !is_last || invoice.open <= 0 || is_funded(context, invoice) {
                continue;
            }
            above |= own.is_above(Money::from_minor(invoice.face, invoice.currency));
            if precedes(own, invoice) {
                early = early.or(Some((place, invoice.issue)));
            } else {
                expired |= !terms.still_counts(own.at.day(), as_of);
            }
        }
        told.above.extend(above.then_some(place));
        told.early.extend(early);
        told.expired.extend((expired && early.is_none()).then_some(place));
    }
}

/// True if an invoice was bought before: it waits for no confirmation.
fn is_funded(context: &Context<'_>, invoice: &InvoiceAt) -> bool {
    let (columns, as_of) = (context.columns, context.as_of.day());
    context.facility.is_some_and(|facility| {
        facility.has_funded(columns.number(invoice.row), || owing(columns, invoice, as_of))
    })
}

/// The places in the position of the invoices whose debtor and number each answer gives, in
/// whatever case.
fn matched(
    context: &Context<'_>,
    own: &ClientAnswers,
    position: &ClientPosition,
) -> Vec<Vec<usize>> {
    let (columns, as_of) = (context.columns, context.as_of.day());
    let mut by_number: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, answer) in own.answers.iter().enumerate() {
        by_number.entry(without_case(&answer.invoice)).or_default().push(at);
    }
    let mut all = vec![Vec::new(); own.answers.len()];
    if all.is_empty() {
        return all;
    }
    for (place, invoice) in position.invoices.iter().enumerate() {
        let number = without_case(columns.number(invoice.row));
        let Some(answers) = by_number.get(&number) else { continue };
        let (id, name) = columns.debtor(invoice.debtor, as_of);
        for &at in answers {
            let debtor = &own.answers[at].debtor;
            if debtor == id || folded(debtor) == folded(name) {
                all[at].push(place);
            }
        }
    }
    all
}

/// A number as it is compared: without case and surrounding blanks. Punctuation counts, because
/// 1-12 and 11-2 are different invoices.
fn without_case(number: &str) -> String {
    number.trim().to_lowercase()
}

/// The spelling in a ledger of the number of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelled<'a> {
    As(&'a str),
    /// In several ways, none of which is that of the answer.
    InSeveralWays,
    Nowhere,
}

/// The spelling of `number` among those in the ledger that differ from it in case at most.
fn spelled<'a>(number: &str, mut in_ledger: impl Iterator<Item = &'a str> + Clone) -> Spelled<'a> {
    if let Some(same) = in_ledger.clone().find(|own| *own == number.trim()) {
        return Spelled::As(same);
    }
    match in_ledger.next() {
        None => Spelled::Nowhere,
        Some(first) if in_ledger.all(|own| own == first) => Spelled::As(first),
        Some(_) => Spelled::InSeveralWays,
    }
}

/// The sentence on these answers, adverse ones first: what is said of adverse ones, and what of
/// all, to which the first of them is added.
fn sentence(
    file: &ConfirmationFile,
    mut places: Vec<usize>,
    of_adverse: [&str; 2],
    of_all: impl Fn(usize) -> String,
) -> Option<String> {
    let outcome = |at: usize| file.answers[at].1.outcome;
    places.sort_unstable_by_key(|&at| (!outcome(at).is_adverse(), at));
    let (line, first) = &file.answers[*places.first()?];
    let adverse: Vec<(ConfirmOutcome, usize)> = ConfirmOutcome::ALL
        .iter()
        .filter(|own| own.is_adverse())
        .map(|&own| (own, places.iter().filter(|&&at| outcome(at) == own).count()))
        .filter(|(_, count)| *count > 0)
        .collect();
    let total: usize = adverse.iter().map(|(_, count)| count).sum();
    let named: Vec<String> =
        adverse.iter().map(|(own, count)| format!("{count} {}", own.code())).collect();
    let lead = if total > 0 {
        let answers = counted(total, "adverse answer", "adverse answers");
        let said = of_adverse[usize::from(total > 1)];
        format!("{answers} ({}) {said}; ", named.join(", "))
    } else {
        String::new()
    };
    let (name, all, day) = (file.name(), of_all(places.len()), from_day_number(first.at.day()));
    let is = if places.len() == 1 { "it" } else { "the first" };
    let invoice = &first.invoice;
    Some(format!("{name}: {lead}{all}: {is} is line {line}, invoice {invoice}, of {day}"))
}

/// Said of wrong amounts that free nothing, of one and of several.
const STILL_LIMIT: [&str; 2] = ["still limits what is bought", "still limit what is bought"];

fn told_later(file: &ConfirmationFile, places: Vec<usize>, as_of: Day) -> Option<Note> {
    let last = places.iter().map(|&at| file.answers[at].1.at.day()).max()?;
    let of_all = |count: usize| {
        let answers = counted(count, "answer is", "answers are");
        let as_of = from_day_number(as_of);
        let they = if count == 1 { "does" } else { "do" };
        format!("{answers} dated after the as-of date, {as_of}, and {they} not count")
    };
    let all = if places.len() == 1 { "it counts" } else { "all of them count" };
    let said = sentence(file, places, ["would count at a later date"; 2], of_all)?;
    let last = from_day_number(last);
    let message = format!("{said}; with --as-of {last} or later, {all}");
    Some(Note::new(warning::ANSWERS_LATER, message))
}

fn told_expired(
    file: &ConfirmationFile,
    places: Vec<usize>,
    terms: Option<&ConfirmTerms>,
    as_of: Day,
) -> Option<Note> {
    let days = terms?.valid_days;
    let of_all = |count: usize| {
        let answers = counted(count, "confirmation", "confirmations");
        let (of, free) = if count == 1 {
            ("an open invoice is", "frees")
        } else {
            ("open invoices are", "free")
        };
        let as_of = from_day_number(as_of);
        format!(
            "{answers} of {of} more than {days} days old on {as_of} (confirm.valid_days) and \
             {free} nothing any more"
        )
    };
    let said = sentence(file, places, STILL_LIMIT, of_all)?;
    let message = format!("{said}; ask the debtor again");
    Some(Note::new(warning::ANSWERS_EXPIRED, message))
}

/// Tells which confirmations are of more than the face of their invoices: the debtor may have meant
/// another one.
fn told_above(file: &ConfirmationFile, places: Vec<usize>) -> Option<Note> {
    let of_all = |count: usize| {
        let answers = counted(count, "confirmation is", "confirmations are");
        let its = if count == 1 { "its invoice" } else { "their invoices" };
        format!("{answers} of more than the original amount of {its}")
    };
    let said = sentence(file, places, STILL_LIMIT, of_all)?;
    let message = format!("{said}; ask the debtor which invoice it meant");
    Some(Note::new(warning::ANSWERS_ABOVE, message))
}

fn told_early(file: &ConfirmationFile, early: Vec<(usize, Day)>) -> Option<Note> {
    let issued: HashMap<usize, Day> = early.iter().copied().collect();
    let places: Vec<usize> = early.into_iter().map(|(at, _)| at).collect();
    // The same as in the sentence: adverse ones first.
    let first = places.iter().min_by_key(|&&at| {
        let is_adverse = file.answers[at].1.outcome.is_adverse();
        (!is_adverse, at)
    })?;
    let issue = from_day_number(*issued.get(first)?);
    let of_all = |count: usize| {
        let answers = counted(count, "confirmation is", "confirmations are");
        let (its, free) = if count == 1 { ("its", "frees") } else { ("their", "free") };
        format!("{answers} dated before {its} invoice was issued and {free} nothing")
    };
    let said = sentence(file, places, STILL_LIMIT, of_all)?;
    let message =
        format!("{said}, issued on {issue}; before the invoice only a goods_receipt confirms it");
    Some(Note::new(warning::ANSWERS_EARLY, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_in_any_case_unless_several_differ_in_nothing_else() {
        let of = |number, ledger: &[&'static str]| spelled(number, ledger.iter().copied());
        for number in ["INV-1A", "inv-1a", " Inv-1a "] {
            assert_eq!(of(number, &["INV-1A", "INV-1A"]), Spelled::As("INV-1A"), "{number}");
        }
        assert_eq!(of("inv-1A", &["INV-1A", "inv-1a"]), Spelled::InSeveralWays);
        assert_eq!(of("inv-1a", &["INV-1A", "inv-1a"]), Spelled::As("inv-1a"));
        assert_eq!(of("inv-1a", &[]), Spelled::Nowhere);
        assert_eq!(without_case(" INV-1A\t"), without_case("inv-1a"));
        for other in ["INV1A", "INV 1A", "INV-1-A", "INV-01A"] {
            assert_ne!(without_case(other), without_case("INV-1A"), "{other}");
        }
    }

    fn file(rows: &str) -> ConfirmationFile {
        let text = format!("debtor,invoice,amount,outcome,by,at,how\n{rows}");
        ConfirmationFile::read(&ledger::Source::bytes("answers.csv", text)).expect("a file")
    }

    /// 2026-06-30.
    const AS_OF: Day = 20_634;

    fn said(rows: &str, told: Told) -> Vec<(&'static str, String)> {
        let policy = policy::Policy::standard().expect("a policy");
        let notes = told.notes(&file(rows), policy.confirm(), AS_OF);
        notes.into_iter().map(|note| (note.code, note.message)).collect()
    }

    #[test]
    fn answers_of_later_days_are_named_adverse_ones_first() {
        let rows = "1,A-1,,confirmed,A. Reed,2026-07-03,email\n\
                    2,B-1,,disputed,A. Reed,2026-07-01,telephone\n\
                    2,B-2,,disputed,A. Reed,2026-07-01,telephone\n\
                    3,C-1,,unknown_debtor,A. Reed,2026-07-01T09:00:00Z,telephone\n\
                    4,D-1,,confirmed,A. Reed,2026-06-30,telephone\n";
        let expected = "answers.csv: 3 adverse answers (2 disputed, 1 unknown_debtor) would count \
                        at a later date; 4 answers are dated after the as-of date, 2026-06-30, \
                        and do not count: the first is line 3, invoice B-1, of 2026-07-01; with \
                        --as-of 2026-07-03 or later, all of them count";
        let told = || Told { found: vec![4], ..Told::default() };
        assert_eq!(said(rows, told()), [(warning::ANSWERS_LATER, expected.to_owned())]);
        let one = "1,A-1,,confirmed,A. Reed,2026-07-03,email\n";
        let expected = "answers.csv: 1 answer is dated after the as-of date, 2026-06-30, and does \
                        not count: it is line 2, invoice A-1, of 2026-07-03; with --as-of \
                        2026-07-03 or later, it counts";
        assert_eq!(said(one, told()), [(warning::ANSWERS_LATER, expected.to_owned())]);
    }

    #[test]
    fn confirmations_that_free_nothing_are_named() {
        let rows = "1,A-1,,confirmed,A. Reed,2026-04-01,email\n\
                    2,B-1,5,wrong_amount,A. Reed,2026-04-02,email\n\
                    1,A-2,,confirmed,A. Reed,2026-06-10,email\n";
        let told = Told { found: vec![0, 1, 2], expired: vec![0, 1], ..Told::default() };
        let expired = "answers.csv: 1 adverse answer (1 wrong_amount) still limits what is bought; \
                       2 confirmations of open invoices are more than 60 days old on 2026-06-30 \
                       (confirm.valid_days) and free nothing any more: the first is line 3, \
                       invoice B-1, of 2026-04-02; ask the debtor again";
        assert_eq!(said(rows, told), [(warning::ANSWERS_EXPIRED, expired.to_owned())]);
        let told = Told { found: vec![0, 1, 2], early: vec![(2, AS_OF)], ..Told::default() };
        let early = "answers.csv: 1 confirmation is dated before its invoice was issued and frees \
                     nothing: it is line 4, invoice A-2, of 2026-06-10, issued on 2026-06-30; \
                     before the invoice only a goods_receipt confirms it";
        assert_eq!(said(rows, told), [(warning::ANSWERS_EARLY, early.to_owned())]);
    }

    #[test]
    fn an_answer_about_one_of_several_numbers_that_differ_in_case_is_told() {
        let told = Told { ambiguous: vec![0], ..Told::default() };
        let expected = "answers.csv, line 2: several invoices owed by 1 differ from inv-1A in \
                        upper and lower case only; write the number as the ledger does";
        let rows = "1,inv-1A,,confirmed,A. Reed,2026-06-10,email\n";
        assert_eq!(said(rows, told), [(warning::UNKNOWN_INVOICE, expected.to_owned())]);
    }
}
