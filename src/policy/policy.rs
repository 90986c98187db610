use std::str::FromStr;

use rust_decimal::{Decimal, prelude::ToPrimitive};

use basics::handwritten::{Fault, Faults, Place, Reading};
use basics::{Amount, Currency, Day, DayCount, Rate};
use pricing::{
    AdequacyTerms, CapitalTerms, DisclosureSettings, FeePlan, Jurisdiction, LossTerms, PriceTerms,
    Quotable, Recourse,
};
use scoring::PriorCurve;

use super::check::check;
use super::concentration::Concentration;
use super::confirm::ConfirmTerms;
use super::criteria::Criteria;
use super::cross_aging::CrossAging;
use super::extends::resolved;
use super::limit_terms::LimitTerms;
use super::receivable::{DebtorAccount, Receivable};
use super::risk_terms::RiskTerms;
use super::rules::Rule;
use super::terms::{EligibilityTerms, ShortfallTerms, Terms};

/// The text of the standard policy.
pub(super) const STANDARD: &str = include_str!("../../data/policies/standard.toml");

/// The written rules under which offers are made. Built only by [`Policy::from_str`], which checks
/// every value.
#[derive(Debug, Clone)]
pub struct Policy {
    text: String,
    pub(super) terms: Terms,
    criteria: Criteria,
    fee_plan: FeePlan,
    prior: PriorCurve,
    confirm: Option<ConfirmTerms>,
}

/// Everything that is wrong with a policy file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct PolicyError(#[from] pub Faults);

impl Policy {
    /// The standard policy, `data/policies/standard.toml`.
    ///
    /// # Errors
    /// If the file in the program is not a policy, which a test rules out.
    pub fn standard() -> Result<Self, PolicyError> {
        STANDARD.parse()
    }

    /// The text of the standard policy, with its comments.
    pub fn standard_text() -> &'static str {
        STANDARD
    }

    /// The full text: the policy file, byte for byte, or the result of extending the standard
    /// policy.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.terms.name
    }

    /// Its version.
    pub fn version(&self) -> &str {
        &self.terms.version
    }

    /// Days for which an offer can be accepted.
    pub fn valid_days(&self) -> u32 {
        self.terms.offer.valid_days
    }

    /// Open balance, major units, above which buying an invoice against the policy needs a second
    /// person's approval.
    pub fn override_limit(&self) -> Option<Amount> {
        self.terms.offer.override_limit
    }

    /// Days from issue to due date, assumed if a row has only one of them.
    pub fn assumed_terms_days(&self) -> u16 {
        self.terms.ledger.assumed_terms_days
    }

    /// The currency assumed for rows that name none.
    pub fn assumed_currency(&self) -> Currency {
        self.terms.ledger.assumed_currency
    }

    /// Invoice rules, then debtor rules, each in the policy's order; last the debtor rules that
    /// hold under every policy, unless it names them itself.
    pub fn rules(&self) -> impl Iterator<Item = Rule> + '_ {
        let EligibilityTerms { invoice_rules, debtor_rules, .. } = &self.terms.eligibility;
        let always = Rule::ALWAYS.into_iter().filter(|&rule| !self.lists(rule));
        invoice_rules.iter().chain(debtor_rules).copied().chain(always)
    }

    /// Returns true if the policy names the rule among its invoice or debtor rules.
    pub fn lists(&self, rule: Rule) -> bool {
        let EligibilityTerms { invoice_rules, debtor_rules, .. } = &self.terms.eligibility;
        invoice_rules.iter().chain(debtor_rules).any(|&own| own == rule)
    }

    /// The most days past due at which an invoice is bought.
    pub fn past_due_days(&self) -> i32 {
        self.criteria.past_due_days
    }

    /// The most days to the due date that are eligible.
    pub fn maximum_days_to_due(&self) -> i32 {
        self.criteria.maximum_days_to_due
    }

    /// Returns the last day on which its age leaves a receivable of this debtor eligible, by those
    /// of the rules on age that the policy has.
    pub fn eligible_until(&self, receivable: &Receivable, debtor: &DebtorAccount) -> Day {
        let (criteria, funded) = (&self.criteria, receivable.funded);
        let age = criteria.most_age(funded, debtor.usual_terms.days);
        let last = |rule| match rule {
            Rule::PastDue => receivable.counted_due().saturating_add(criteria.past_due(funded)),
            Rule::PastInvoiceDate => receivable.counted_issue().saturating_add(age),
            _ => Day::MAX,
        };
        self.rules().map(last).min().unwrap_or(Day::MAX)
    }

    /// The numbers that its rules test receivables against.
    pub fn criteria(&self) -> &Criteria {
        &self.criteria
    }

    /// The cross-aging rule.
    pub fn cross_aging(&self) -> CrossAging {
        self.criteria.cross_aging
    }

    /// Limits on debtors and groups.
    pub fn limits(&self) -> LimitTerms {
        self.criteria.limits
    }

    /// The concentration rule.
    pub fn concentration(&self) -> Concentration {
        self.criteria.concentration
    }

    /// The largest advance rate.
    pub fn advance_cap(&self) -> Rate {
        self.criteria.advance_cap
    }

    /// Dilution up to this rate does not reduce the advance rate.
    pub fn dilution_threshold(&self) -> Rate {
        self.terms.advance.dilution_threshold_percent
    }

    /// The fee plan.
    pub fn fee_plan(&self) -> &FeePlan {
        &self.fee_plan
    }

    /// The recourse: which party bears uncollected invoices.
    pub fn recourse(&self) -> Recourse {
        self.terms.recourse.kind
    }

    /// Days after the due date at which recourse is taken, unless days after the invoice date come
    /// first.
    pub fn recourse_days(&self) -> u32 {
        self.terms.recourse.days_after_due
    }

    /// Days after the invoice date at which recourse is taken, if they come before those after the
    /// due date; `None` if only the due date counts.
    pub fn recourse_days_after_invoice(&self) -> Option<u32> {
        self.terms.recourse.days_after_invoice
    }

    /// Returns the day of recourse of an invoice: so many days after the due date or after the
    /// invoice date, whichever comes first.
    pub fn recourse_day(&self, issue: Day, due: Day) -> Day {
        let after = |from: Day, days: u32| from.saturating_add_unsigned(days);
        let by_invoice = self.recourse_days_after_invoice().map(|days| after(issue, days));
        let by_due = after(due, self.recourse_days());
        by_invoice.map_or(by_due, |by_invoice| by_invoice.min(by_due))
    }

    /// The terms of loss on an invoice that is not collected; `seen` is the share lost in the
    /// ledger's own history, if it shows one.
    pub fn loss_terms(&self, seen: Option<f64>) -> LossTerms {
        let terms = &self.terms.recourse;
        LossTerms {
            recourse: terms.kind,
            loss_given_default: seen.unwrap_or(terms.loss_given_default_percent.to_f64()),
            credit_share: terms.credit_share_percent.to_f64(),
            client_default: terms.client_default_percent.to_f64(),
            client_correlation: terms.client_correlation_percent.to_f64(),
        }
    }

    /// Share lost of an invoice that is not collected, if the ledger's history shows none.
    pub fn loss_given_default(&self) -> Rate {
        self.terms.recourse.loss_given_default_percent
    }

    /// The test of a sufficient reserve; without one the advance rate is the cap.
    pub fn adequacy(&self) -> Option<AdequacyTerms> {
        let reserve = self.terms.advance.reserve?;
        let shortfall =
            |s: ShortfallTerms| (s.confidence_percent.to_f64(), s.limit_percent.to_f64());
        Some(AdequacyTerms {
            tolerance: reserve.tolerance_percent.to_f64(),
            correlation: reserve.correlation_percent.to_f64(),
            shortfall: reserve.shortfall.map(shortfall),
        })
    }

    /// Advance rates that may be quoted up to `cap`; the cap alone if the policy does not test the
    /// reserve.
    pub fn quotable_advances(&self, cap: Rate) -> Quotable {
        self.terms.advance.reserve.map_or(
            // A single rate needs no step, but a step of zero would divide by zero.
            Quotable { lowest: cap, highest: cap, step: Rate::from_bps(Decimal::ONE) },
            |reserve| Quotable {
                // Dilution or the client's own request may bring the cap below the policy's lowest
                // rate.
                lowest: reserve.lowest_rate_percent.min(cap),
                highest: cap,
                step: reserve.step_percent,
            },
        )
    }

    /// Discount rates that may be quoted; `None` if the fee plan is charged as written.
    pub fn quotable_discounts(&self) -> Option<Quotable> {
        self.terms.price.as_ref().map(|price| Quotable {
            lowest: price.lowest_percent,
            highest: price.highest_percent,
            step: price.step_percent,
        })
    }

    /// The return that a price must bring; `None` if the fee plan is charged as written.
    pub fn price_terms(&self) -> Option<PriceTerms> {
        let price = self.terms.price.as_ref()?;
        let (cost, count) = self.cost_of_funds();
        // A rate on a 360-day year is charged for 365 days a year.
        let per_year = 365.0 / f64::from(count.basis_days().unwrap_or(365));
        Some(PriceTerms {
            hurdle: price.hurdle_percent.to_f64(),
            cost_of_funds: cost.to_f64() * per_year,
            operating_cost: price.operating_cost.0.to_f64().unwrap_or(f64::NAN),
            capital: CapitalTerms {
                confidence: price.capital.confidence_percent.to_f64(),
                correlation: price.capital.correlation_percent.to_f64(),
                cost: price.capital.cost_percent.to_f64(),
            },
        })
    }

    /// The terms on which the risk of a whole book is measured.
    pub fn risk(&self) -> &RiskTerms {
        &self.terms.risk
    }

    /// The rules by which invoices are confirmed with their debtors.
    pub fn confirm(&self) -> Option<&ConfirmTerms> {
        self.confirm.as_ref()
    }

    /// The same policy without holds: a book is measured, not bought, so nothing in it waits for a
    /// confirmation.
    #[must_use]
    pub fn without_holds(&self) -> Self {
        Self { confirm: None, ..self.clone() }
    }

    /// The disclosures that go with an offer, and the choices that the law leaves open.
    pub fn disclosure(&self) -> Option<(&DisclosureSettings, &[Jurisdiction])> {
        self.terms.disclosure.as_ref().map(|d| (&d.settings, d.jurisdictions.as_slice()))
    }

    /// The lowest advance rate of the menu.
    pub fn menu_lowest_advance(&self) -> Option<Rate> {
        self.terms.price.as_ref().map(|price| price.menu_lowest_advance_percent)
    }

    /// The factor's own cost of money, per year.
    pub fn cost_of_funds(&self) -> (Rate, DayCount) {
        (self.terms.funding.cost_percent, self.terms.funding.day_count)
    }

    /// The collection curve of invoices without any history.
    pub fn prior(&self) -> &PriorCurve {
        &self.prior
    }
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let resolved = resolved(text, STANDARD)?;
        let reading = Reading::of(resolved.tree).and(resolved.faults).hold(check);
        let terms: Terms = reading.finish()?;
        let prior = PriorCurve::new(terms.prior.collected_by_days_since_due.clone());
        // `check` has built the same curve, so this does not fail.
        let prior = prior
            .map_err(|error| Faults::from(Fault::says(Place::Whole, "prior", error.to_string())))?;
        let text = resolved.text.unwrap_or_else(|| text.to_owned());
        let (criteria, fee_plan) = (terms.criteria(), terms.fee_plan());
        let lost = terms.recourse.loss_given_default_percent;
        let older = terms.verification.map(|rules| ConfirmTerms::without_holds(&rules, lost));
        let confirm = terms.confirm.clone().or(older);
        Ok(Self { text, terms, criteria, fee_plan, prior, confirm })
    }
}
