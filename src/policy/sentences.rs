//! A policy in sentences.

use pricing::{ChargePer, Jurisdiction, Recourse};

use super::policy::Policy;
use super::rules::Rule;

impl Policy {
    /// The policy in sentences that an underwriter would sign, by section.
    pub fn sentences(&self) -> Vec<(&'static str, Vec<String>)> {
        let mut sections = vec![
            ("What we buy", self.eligibility_sentences()),
            ("How much we advance", self.advance_sentences()),
            ("What we charge", self.fee_sentences()),
            ("Who bears what is not paid", self.recourse_sentences()),
        ];
        sections.push(("What an offer says", self.offer_sentences()));
        sections
    }

    fn eligibility_sentences(&self) -> Vec<String> {
        let mut all: Vec<String> = self.rules().map(|rule| self.said(rule)).collect();
        all.push(self.said(Rule::UnappliedCredit));
        all.push(self.said(Rule::Contra));
        let group = self.limits().group.map(|_| Rule::GroupLimit);
        let limits = [Some(Rule::DebtorLimit), group, Some(Rule::FacilityLimit)];
        all.push(
            limits.into_iter().flatten().map(|rule| self.said(rule)).collect::<Vec<_>>().join(" "),
        );
        all.push(self.said(Rule::Concentration));
        all
    }

    /// What the policy says of a rule.
    fn said(&self, rule: Rule) -> String {
        rule.said("policy", &(rule.clause().terms)(self.criteria()))
    }

    fn advance_sentences(&self) -> Vec<String> {
        let mut all = vec![format!(
            "We advance at most {} of what we buy, less every point of dilution of the last 12 months \
             above {}.",
            self.advance_cap(),
            self.dilution_threshold()
        )];
        if let Some(reserve) = &self.terms.advance.reserve {
            all.push(format!(
                "We advance the most at which dilution and fee exceed the reserve with a probability of \
                 at most {} over all invoices bought, in steps of {}, customers' dilution being \
                 correlated by {}; {}.",
                reserve.tolerance_percent,
                reserve.step_percent,
                reserve.correlation_percent,
                self.said(Rule::NoFeasibleTerms)
            ));
            if let Some(shortfall) = &reserve.shortfall {
                all.push(format!(
                    "In the cases worse than {} dilution, fee and credit loss exceed the reserve by at \
                     most {} of what we buy on average.",
                    shortfall.confidence_percent, shortfall.limit_percent
                ));
            }
        }
        all
    }

    fn fee_sentences(&self) -> Vec<String> {
        let plan = self.fee_plan();
        let (cost, count) = self.cost_of_funds();
        let mut all = vec![format!("The fee is {}.", plan.words())];
        if let Some(price) = &self.terms.price {
            all[0] =
                format!("The fee has the shape of {}; its rates are solved for.", plan.words());
            all.push(format!(
                "We quote the smallest rate from {} to {}, in steps of {}, at which the expected return \
                 on funds employed reaches {} a year after funding at {cost} ({}), {} for handling each \
                 invoice, expected loss, and {} a year on capital for the loss of one year in {:.0}.",
                price.lowest_percent,
                price.highest_percent,
                price.step_percent,
                price.hurdle_percent,
                count.as_str(),
                price.operating_cost,
                price.capital.cost_percent,
                1.0 / (1.0 - price.capital.confidence_percent.to_f64())
            ));
            all.push(format!(
                "The client may choose less at once, down to {}, at the price that brings the same \
                 return.",
                price.menu_lowest_advance_percent
            ));
        }
        for (per, when) in [
            (ChargePer::Funding, "taken out of every advance"),
            (ChargePer::Invoice, "for every invoice"),
            (ChargePer::Month, "every month"),
            (ChargePer::Occurrence, "whenever it happens"),
        ] {
            for event in plan.charges().of(per) {
                all.push(format!("{} is charged {when}: {}.", event.amount, event.event.title()));
            }
        }
        all
    }

    fn recourse_sentences(&self) -> Vec<String> {
        let terms = &self.terms.recourse;
        let days = terms.days_after_due;
        let who = match terms.kind {
            Recourse::Full => format!(
                "The client buys back every invoice that is unpaid {days} days after its due date, with \
                 the fee to that day."
            ),
            Recourse::NonRecourse => format!(
                "We bear an invoice that is unpaid {days} days after its due date because the customer \
                 is insolvent; disputes and credits come back to the client."
            ),
            Recourse::Modified => format!(
                "We bear an invoice that is unpaid {days} days after its due date because a customer \
                 that we approved, within its limit, is insolvent; everything else comes back to the \
                 client."
            ),
        };
        vec![
            who,
            format!(
                "Of what is not collected {} counts as credit loss. The client is taken to fail to buy \
                 back with a probability of {}, correlated with its customers by {}; of what we bear {} \
                 is lost, unless the ledger's own write-offs say otherwise.",
                terms.credit_share_percent,
                terms.client_default_percent,
                terms.client_correlation_percent,
                terms.loss_given_default_percent
            ),
        ]
    }

    fn offer_sentences(&self) -> Vec<String> {
        let mut all = vec![format!("An offer can be accepted for {} days.", self.valid_days())];
        if let Some(limit) = self.override_limit() {
            all.push(format!(
                "An invoice of more than {limit} is bought against the rules only when a second person \
                 approves it."
            ));
        }
        if let Some(rules) = self.verification() {
            all.push(format!(
                "Before buying we confirm invoices with their customers: all from {} on, then those \
                 where it saves most, an invoice being taken to be not valid with a probability of {}, \
                 {} times that of customers that have hardly ever paid; {} at most.",
                rules.always_from, rules.invalid_percent, rules.new_debtor_factor, rules.most
            ));
        }
        if let Some((settings, jurisdictions)) = self.disclosure() {
            let names: Vec<&str> = jurisdictions.iter().map(|&j| Jurisdiction::name(j)).collect();
            let reserve = if settings.reserve_return_anticipated { "not " } else { "" };
            all.push(format!(
                "It carries the disclosures of {}; the reserve is {reserve}part of the finance charge.",
                names.join(", ")
            ));
        }
        all
    }
}
