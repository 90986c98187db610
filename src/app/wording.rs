//! The sentences of an offer.

use basics::{Currency, Money, counted, grouped};
use ledger::{ClientPosition, Outcome};
use scoring::{Basis, KaplanMeier, OWN_HISTORY};
use underwriting::{
    Assessment, ConcentrationBy, DebtorBalance, Decline, Denominator, Eligibility, FundedInvoice,
    Notice, Policy, Pool, Rule, ScoringNote,
};

use super::part::{Context, Model};

/// Days after the due date by which most invoices of a healthy ledger are closed.
const MATURED_DAYS: i32 = 30;

/// The most invoices that a sentence names.
const MOST_NAMED: usize = 5;

/// The reason that decides a line: the rule that excludes it, or that takes the larger part of it.
pub(super) fn reason(assessment: &Assessment) -> Option<Rule> {
    if assessment.cut(Rule::NoFeasibleTerms).minor() > 0 {
        return Some(Rule::NoFeasibleTerms);
    }
    // Of equal parts the first one decides.
    let largest =
        assessment.parts().rev().max_by_key(|(_, part)| part.minor()).map(|(rule, _)| rule);
    assessment.excluded_by.or(largest)
}

/// What a reason is put into words from.
#[derive(Clone, Copy)]
pub(super) struct Reasons<'a> {
    pub pool: &'a Pool,
    pub eligibility: &'a Eligibility,
    pub policy: &'a Policy,
    /// Why nothing is bought, if so.
    pub decline: Option<&'a Decline>,
}

impl Reasons<'_> {
    /// Why the receivable at `index` is not bought, or not whole, in words that a business owner
    /// understands.
    pub fn why(self, rule: Rule, index: usize) -> String {
        let Self { pool, eligibility, policy, .. } = self;
        let receivable = &pool.receivables[index];
        let (currency, days_past_due) = (pool.currency, receivable.days_past_due(pool.as_of));
        match rule {
            Rule::Duplicate => format!(
                "Another open or paid invoice of this customer has the number {}.",
                receivable.number
            ),
            Rule::AlreadyAssigned => {
                "The invoice tells the customer to pay someone other than the client.".to_owned()
            }
            Rule::Disputed => "The customer disputes this invoice.".to_owned(),
            Rule::FutureDated => "It is dated after the as-of date.".to_owned(),
            Rule::PastDue => format!(
                "It is {days_past_due} days past due; the policy buys up to {}.",
                policy.past_due_days()
            ),
            Rule::LongDated => format!(
                "It falls due in {} days; the policy buys up to {}.",
                -days_past_due,
                policy.maximum_days_to_due()
            ),
            Rule::MinimumSize => format!(
                "Its open balance of {} {currency} is below the minimum of {}.",
                receivable.open.grouped(),
                policy.minimum_open()
            ),
            Rule::CreditBalance => format!(
                "This customer's unapplied credits of {} {currency} are as large as what it owes.",
                pool.debtors[receivable.debtor].unapplied_credit.grouped()
            ),
            Rule::CrossAged => self.cross_aged(&eligibility.debtors[receivable.debtor]),
            Rule::NoFeasibleTerms => {
                self.decline.map(|decline| decline.sentence.clone()).unwrap_or_default()
            }
            Rule::Affiliate => "The customer belongs to the client's own group.".to_owned(),
            Rule::Government => "The customer is a government.".to_owned(),
            Rule::Foreign => format!(
                "The customer is in another country: {}.",
                pool.debtors[receivable.debtor].told.country.as_deref().unwrap_or_default()
            ),
            Rule::Insolvent => "The customer is insolvent or on a stop list.".to_owned(),
            Rule::Consumer => "The customer is a consumer.".to_owned(),
            Rule::ProgressBilling => {
                "The customer is billed in stages, before it accepts, with a part retained, or for \
                 goods on consignment."
                    .to_owned()
            }
            Rule::NonAssignable => {
                "The contract with the customer forbids the assignment.".to_owned()
            }
            Rule::UnappliedCredit
            | Rule::Contra
            | Rule::DebtorLimit
            | Rule::GroupLimit
            | Rule::Concentration
            | Rule::AlreadyFunded
            | Rule::FacilityLimit => {
                let parts = eligibility.assessments[index].parts();
                parts.map(|cut| self.cut(index, cut)).collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// What a rule takes of a receivable, and why.
    fn cut(self, index: usize, (rule, part): (Rule, Money)) -> String {
        let of_it = format!("{} {} of it is", part.grouped(), self.pool.currency);
        let told = &self.pool.debtors[self.pool.receivables[index].debtor].told;
        match rule {
            Rule::UnappliedCredit => {
                format!("{of_it} not bought: the customer can set off an unapplied credit.")
            }
            Rule::Contra => {
                format!("{of_it} not bought: the client owes the customer, which can set it off.")
            }
            Rule::DebtorLimit => match told.limit {
                Some(limit) => {
                    format!("{of_it} above this customer's own limit of {}.", limit.grouped())
                }
                None => format!("{of_it} above the limit for a customer."),
            },
            Rule::GroupLimit => format!(
                "{of_it} above the limit for the customer's group, {}.",
                told.group.as_deref().unwrap_or_default()
            ),
            Rule::Concentration => self.excess(&of_it),
            Rule::AlreadyFunded => format!("{of_it} bought already."),
            Rule::FacilityLimit => {
                let room = self.pool.room.unwrap_or_else(|| Money::zero(self.pool.currency));
                format!("{of_it} above what the facility leaves, {} to advance.", room.grouped())
            }
            other => format!("{of_it} not bought: {}.", other.title()),
        }
    }

    fn cross_aged(self, debtor: &DebtorBalance) -> String {
        let rule = self.policy.cross_aging();
        format!(
            "{:.1} % of what this customer owes is more than {} days past due; the limit is {}.",
            100.0 * debtor.past_due_share(rule.base),
            self.policy.past_due_days(),
            rule.threshold_percent
        )
    }

    fn excess(self, of_it: &str) -> String {
        let rule = self.policy.concentration();
        format!(
            "{of_it} above this {} limit of {} ({} of the {}).",
            match rule.by {
                ConcentrationBy::Debtor => "customer's",
                ConcentrationBy::Group => "customer group's",
            },
            self.eligibility.concentration_cap.grouped(),
            rule.limit_percent,
            match rule.denominator {
                Denominator::EligibleBeforeCap => "eligible ledger",
                Denominator::GrossLedger => "gross ledger",
                Denominator::Fixpoint => "ledger that the limit leaves",
            }
        )
    }
}

/// Every rule that the line fails or that cuts it, but for the one that decides it.
pub(super) fn also_fails(assessment: &Assessment) -> Vec<Rule> {
    let mut failed = assessment.failed;
    assessment.parts().for_each(|(rule, _)| failed.insert(rule));
    let decisive = reason(assessment);
    failed.iter().filter(|&rule| Some(rule) != decisive).collect()
}

/// What the curves rest on, in words, with the file that would improve them.
pub(super) fn scoring_note(km: &KaplanMeier, model: Option<Model<'_>>) -> ScoringNote {
    let paid = km.paid_invoices();
    let prior = if model.is_some_and(|model| model.leans) {
        "pool of the clients that the model was trained on"
    } else {
        "policy's prior curve"
    };
    let mut sentence = match km.basis() {
        Basis::OwnHistory => format!(
            "Collection curves rest on this client's own history of {}.",
            counted(paid, "paid invoice", "paid invoices")
        ),
        Basis::Blended => format!(
            "Collection curves mix this client's {} (weight {:.0} %) with the {prior}. A ledger with {OWN_HISTORY} or more paid invoices and their payment dates (paid_date) would \
             replace the prior.",
            counted(paid, "paid invoice", "paid invoices"),
            100.0 * km.own_weight()
        ),
        Basis::Prior => format!(
            "Collection curves rest on the {prior} alone: the ledger has no paid invoice. An export \
             that includes paid invoices with their payment dates (paid_date), {OWN_HISTORY} or more, would \
             replace it."
        ),
    };
    if let Some(Model { hazard, file, .. }) = model {
        let training = hazard.training();
        let correction = format!(
            " A model trained on {} {} paid invoices corrects them day by day for the calendar, the \
             debtor's balance and its latest payments.",
            if file.is_some() { "another file's" } else { "this ledger's" },
            grouped(&training.paid_invoices.to_string())
        );
        sentence.push_str(&correction);
    }
    ScoringNote {
        model: if model.is_some() { "boosted" } else { "km" },
        model_sha256: model.and_then(|model| model.file).map(str::to_owned),
        basis: km.basis(),
        paid_invoices: paid,
        own_history_weight: km.own_weight(),
        sentence,
        loss_given_non_payment: None,
        unpaid_invoices_seen: None,
    }
}

/// Warnings about one client's data at the as-of date.
pub(super) fn notices(
    context: &Context<'_>,
    position: &ClientPosition,
    currency: Currency,
) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut add = |code, text: Option<String>| {
        notices.extend(text.map(|text| Notice { code, text }));
    };
    let columns = context.columns;
    let count = |of: &dyn Fn(usize) -> bool| {
        let open = position.invoices.iter().filter(|i| i.open > 0 && i.currency == currency);
        open.filter(|invoice| of(invoice.row)).count()
    };
    let some = |count: usize, text: &dyn Fn(usize) -> String| (count > 0).then(|| text(count));
    add("survivorship", survivorship(context, position));
    let facility = context.facility.filter(|facility| facility.currency != currency);
    add(
        "facility_currency",
        facility.map(|facility| {
            format!(
                "The facility is in {}, so it sets no limit to these invoices in {currency}.",
                facility.currency
            )
        }),
    );
    add("funded_unknown", funded_unknown(context, position, currency));
    add(
        "issue_date_assumed",
        some(count(&|row| columns.issue_assumed(row)), &|n| {
            format!(
                "Open invoices without an invoice date, taken as the due date less {} days: {n}.",
                context.policy.assumed_terms_days()
            )
        }),
    );
    add(
        "due_date_assumed",
        some(count(&|row| columns.due_assumed(row)), &|n| {
            format!(
                "Open invoices without a due date, taken as the invoice date plus {} days: {n}.",
                context.policy.assumed_terms_days()
            )
        }),
    );
    add(
        "undated_settlements",
        some(position.undated_settlements, &|n| {
            format!(
                "Payments and credits without a date: {n}. They are taken as known at the as-of date, but not \
                 used as statistics, because the ledger goes on after it."
            )
        }),
    );
    notices
}

/// Names invoices that the facility calls bought and that the ledger does not have.
fn funded_unknown(
    context: &Context<'_>,
    position: &ClientPosition,
    currency: Currency,
) -> Option<String> {
    let facility = context.facility.filter(|facility| facility.currency == currency)?;
    let as_of = context.as_of.day();
    let invoices = position.invoices.iter().map(|invoice| {
        let number = context.columns.number(invoice.row);
        (number, context.columns.debtor(invoice.debtor, as_of))
    });
    let unknown = facility.funded_beside(invoices);
    let name = |funded: &&FundedInvoice| match &funded.debtor {
        Some(debtor) => format!("{} of {debtor}", funded.invoice),
        None => funded.invoice.clone(),
    };
    let first: Vec<String> = unknown.iter().take(MOST_NAMED).map(name).collect();
    let more = unknown.len() - first.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    (!unknown.is_empty()).then(|| {
        format!(
            "The facility names invoices as bought already that the ledger does not have: {}{more}. Ask what became \
             of them.",
            first.join(", ")
        )
    })
}

/// Warns when almost nothing that fell due long ago is shown as closed: an open-only export.
fn survivorship(context: &Context<'_>, position: &ClientPosition) -> Option<String> {
    let matured_by = context.as_of.day() - MATURED_DAYS;
    let matured: Vec<_> = position.invoices.iter().filter(|i| i.due <= matured_by).collect();
    let closed = matured.iter().filter(|invoice| invoice.outcome != Outcome::Open).count();
    (matured.len() >= 10 && closed * 5 < matured.len()).then(|| {
        format!(
            "Of {} invoices due more than {MATURED_DAYS} days ago only {closed} are shown as closed. An export of \
             open items leaves out what was paid, so its history looks worse than it is; add the paid invoices.",
            matured.len()
        )
    })
}
