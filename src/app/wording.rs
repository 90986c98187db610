//! The sentences of an offer about its ledger: the basis of the curves, and notices about the data.

use basics::{Currency, Money};
use ledger::{ClientPosition, Outcome};
use offer::{FundedInvoice, Notice, NoticeCode, ScoringNote};
use policy::{Acquaintance, DebtorAccount, HoldReason, Receivable};
use scoring::{Basis, KaplanMeier, OWN_HISTORY};
use words::{Fact, Facts, say_with};

use super::context::{Context, Model};
use super::pool::{ClientPool, owing};
use super::previous::KnownBefore;

/// Days after the due date by which most invoices of a healthy ledger are closed.
const MATURED_DAYS: i32 = 30;

/// The most invoices that a sentence names.
const MOST_NAMED: usize = 5;

/// The basis of the curves, in words, and the file that would improve it.
pub(super) fn scoring_note(km: &KaplanMeier, model: Option<Model<'_>>) -> ScoringNote {
    let prior =
        Fact::Variant(if model.is_some_and(|model| model.leans) { "pool" } else { "policy" });
    let (paid, enough) = (count(km.paid_invoices()), count(OWN_HISTORY));
    let facts = Facts::new();
    let mut sentence = match km.basis() {
        Basis::OwnHistory => say_with("scoring_note.own_history", &facts.with("paid", paid)),
        Basis::Blended => {
            let weight = format!("{:.0} %", 100.0 * km.own_weight());
            let facts = facts.with("paid", paid).with("weight", weight);
            say_with("scoring_note.blended", &facts.with("prior", prior).with("enough", enough))
        }
        Basis::Prior => {
            say_with("scoring_note.prior", &facts.with("prior", prior).with("enough", enough))
        }
    };
    if let Some(Model { hazard, file, .. }) = model {
        let of = Fact::Variant(if file.is_some() { "file" } else { "ledger" });
        let paid = count(hazard.training().paid_invoices);
        let facts = Facts::new().with("paid", paid).with("of", of);
        sentence.push(' ');
        sentence.push_str(&say_with("scoring_note.trained", &facts));
    }
    ScoringNote {
        model: if model.is_some() { "boosted" } else { "km" }.into(),
        model_sha256: model.and_then(|model| model.file).map(str::to_owned),
        basis: km.basis(),
        paid_invoices: km.paid_invoices(),
        own_history_weight: km.own_weight(),
        sentence,
        loss_given_non_payment: None,
        unpaid_invoices_seen: None,
    }
}

/// A number of things as a fact.
pub(super) fn count(number: impl TryInto<i64>) -> Fact {
    Fact::Count(number.try_into().unwrap_or(i64::MAX))
}

/// Warnings about one client's data at the as-of date, for each of the currencies. Those on
/// invoices that vanished in a currency without open ones stand with the first currency.
pub(super) fn all_notices(
    (context, client): (&Context<'_>, usize),
    position: &ClientPosition,
    pools: &[ClientPool],
    known: &KnownBefore,
) -> Vec<Vec<Notice>> {
    let own = |all: &ClientPool| notices((context, client), position, all);
    let mut all: Vec<Vec<Notice>> = pools.iter().map(own).collect();
    for (invoices, open) in known.vanished() {
        let at = pools.iter().position(|own| own.pool.currency == open.currency()).unwrap_or(0);
        let facts = Facts::new()
            .with("invoices", count(invoices))
            .with("amount", open)
            .with("currency", open.currency())
            .and("previous", known.compared_with);
        let told = || Notice::new(NoticeCode::Vanished, say_with("notice.vanished", &facts));
        all.get_mut(at).into_iter().for_each(|notices| notices.push(told()));
    }
    if known.is_unknown {
        let text = say_with("notice.previous_unknown", &Facts::new());
        let told = Notice::new(NoticeCode::PreviousUnknown, text);
        all.iter_mut().for_each(|own| own.push(told.clone()));
    }
    all
}

/// Warnings about one client's data at the as-of date.
fn notices(
    (context, client): (&Context<'_>, usize),
    position: &ClientPosition,
    all: &ClientPool,
) -> Vec<Notice> {
    let currency = all.pool.currency;
    let mut notices = Vec::new();
    let mut add = |code, text: Option<String>| {
        notices.extend(text.map(|text| Notice::new(code, text)));
    };
    let columns = context.columns;
    let open = |of: &dyn Fn(usize) -> bool| {
        let open = position.invoices.iter().filter(|i| i.open > 0 && i.currency == currency);
        open.filter(|invoice| of(invoice.row)).count()
    };
    let terms = count(context.policy.assumed_terms_days());
    let assumed = |invoices: usize| {
        let facts = Facts::new().with("invoices", count(invoices)).with("days", terms.clone());
        (invoices > 0).then_some(facts)
    };
    add(NoticeCode::Completes, completes(context, client, currency));
    add(NoticeCode::BoughtIneligible, bought_ineligible(context, all));
    add(NoticeCode::ClientDenied, client_denied(all));
    add(NoticeCode::Survivorship, survivorship(context, position));
    add(NoticeCode::FacilityCurrency, facility_currency(context, currency));
    add(NoticeCode::FundedUnknown, funded_unknown(context, position, currency));
    let issue_assumed = assumed(open(&|row| columns.issue_assumed(row)));
    add(
        NoticeCode::IssueDateAssumed,
        issue_assumed.map(|facts| say_with("notice.issue_date_assumed", &facts)),
    );
    let due_assumed = assumed(open(&|row| columns.due_assumed(row)));
    add(
        NoticeCode::DueDateAssumed,
        due_assumed.map(|facts| say_with("notice.due_date_assumed", &facts)),
    );
    add(NoticeCode::UndatedSettlements, undated_settlements(position));
    add(NoticeCode::NoHistory, no_history(context, all));
    notices
}

/// Names the day of the offer that is completed, and what that one brought.
fn completes(context: &Context<'_>, client: usize, currency: Currency) -> Option<String> {
    let completed = context.completed?;
    let first = context.completed_part(client, currency);
    let none = Money::zero(currency);
    let facts = Facts::new()
        .with("date", completed.as_of)
        .with("bought", first.map_or(none, |first| first.amount_bought))
        .with("advance", first.map_or(none, |first| first.advance))
        .with("currency", currency);
    Some(say_with("notice.completes", &facts))
}

/// Names the invoices that were bought before and are not eligible any more.
fn bought_ineligible(context: &Context<'_>, all: &ClientPool) -> Option<String> {
    if all.pool.receivables.iter().all(|own| !own.funded) {
        return None;
    }
    let judged = all.pool.receivables.iter().zip(&all.judged(context.policy).assessments);
    let gone = judged.filter(|(own, judged)| own.funded && judged.excluded_by.is_some());
    let gone: Vec<&Receivable> = gone.map(|(own, _)| own).collect();
    let open: i64 = gone.iter().map(|own| own.open.minor()).sum();
    let named = gone.iter().take(MOST_NAMED).map(|own| own.number.as_str());
    let facts = Facts::new()
        .with("count", count(gone.len()))
        .with("amount", Money::from_minor(open, all.pool.currency))
        .with("currency", all.pool.currency)
        .with("invoices", named.collect::<Vec<_>>().join(", "))
        .with("more", count(gone.len().saturating_sub(MOST_NAMED)));
    (!gone.is_empty()).then(|| say_with("notice.bought_ineligible", &facts))
}

/// Names the debtors that say that they do not know the client.
fn client_denied(all: &ClientPool) -> Option<String> {
    let denying = all.pool.debtors.iter().filter(|debtor| debtor.denies_client);
    let owing = denying.map(|debtor| debtor.name.as_str());
    let names: Vec<&str> = owing.chain(all.denied_beside.iter().map(String::as_str)).collect();
    let facts = Facts::new().with("debtors", count(names.len())).with("names", names.join(", "));
    (!names.is_empty()).then(|| say_with("notice.client_denied", &facts))
}

fn facility_currency(context: &Context<'_>, currency: Currency) -> Option<String> {
    let facility = context.facility.filter(|facility| facility.currency != currency)?;
    let facts = Facts::new().with("facility", facility.currency).with("currency", currency);
    Some(say_with("notice.facility_currency", &facts))
}

fn undated_settlements(position: &ClientPosition) -> Option<String> {
    let settlements = position.undated_settlements;
    let facts = Facts::new().with("settlements", count(settlements));
    (settlements > 0).then(|| say_with("notice.undated_settlements", &facts))
}

/// Says that the screens which compare with what was paid could not look, where the policy holds
/// what they find.
fn no_history(context: &Context<'_>, all: &ClientPool) -> Option<String> {
    let terms = context.policy.confirm()?;
    let compare = [HoldReason::NewDebtor, HoldReason::RoundAmounts];
    let is_judged = |debtor: &DebtorAccount| debtor.acquaintance != Acquaintance::NotJudged;
    let could_look = all.pool.debtors.iter().any(is_judged);
    let asked = compare.into_iter().any(|reason| terms.holds(reason));
    (asked && !could_look).then(|| say_with("notice.no_history", &Facts::new()))
}

/// Names the invoices that the facility lists as bought and the ledger does not have.
fn funded_unknown(
    context: &Context<'_>,
    position: &ClientPosition,
    currency: Currency,
) -> Option<String> {
    let facility = context.facility.filter(|facility| facility.currency == currency)?;
    let as_of = context.as_of.day();
    let invoices = position.invoices.iter().map(|invoice| {
        let number = context.columns.number(invoice.row);
        (number, move || owing(context.columns, invoice, as_of))
    });
    let unknown = facility.funded_beside(invoices);
    if unknown.is_empty() {
        return None;
    }
    let name = |funded: &&FundedInvoice| match &funded.debtor {
        Some(debtor) => {
            let facts = Facts::new().with("invoice", funded.invoice.as_str());
            say_with("notice.funded_of", &facts.with("debtor", debtor.as_str()))
        }
        None => funded.invoice.clone(),
    };
    let first: Vec<String> = unknown.iter().take(MOST_NAMED).map(name).collect();
    let more = count(unknown.len() - first.len());
    let facts = Facts::new().with("invoices", first.join(", ")).with("more", more);
    Some(say_with("notice.funded_unknown", &facts))
}

/// Warns when almost nothing that fell due long ago is shown as closed: an open-only export.
fn survivorship(context: &Context<'_>, position: &ClientPosition) -> Option<String> {
    let matured_by = context.as_of.day() - MATURED_DAYS;
    let matured: Vec<_> = position.invoices.iter().filter(|i| i.due <= matured_by).collect();
    let closed = matured.iter().filter(|invoice| invoice.outcome != Outcome::Open).count();
    // Fewer than ten tell nothing, and of a full ledger at least a fifth is closed by then.
    let facts = Facts::new()
        .with("matured", count(matured.len()))
        .with("days", MATURED_DAYS)
        .with("closed", count(closed));
    (matured.len() >= 10 && closed * 5 < matured.len())
        .then(|| say_with("notice.survivorship", &facts))
}
