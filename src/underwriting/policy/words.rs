//! A policy in sentences.

use std::fmt::Write;

use pricing::{ChargePer, Jurisdiction, Recourse};

use super::super::Rule;
use super::super::{LimitBasis, LimitOrder};
use super::{Comparator, ConcentrationBy, CrossAgeBase, Denominator, Policy};

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
        let mut all: Vec<String> = self.rules().map(|rule| self.rule_sentence(rule)).collect();
        all.push(
            "A customer's unapplied credits are set against its invoices, the one due first before \
             the others."
                .to_owned(),
        );
        all.push("What the client owes a customer is set against it likewise.".to_owned());
        all.push(self.limit_sentence());
        let concentration = self.concentration();
        let of = match concentration.denominator {
            Denominator::EligibleBeforeCap => "of what the rules above leave of the ledger",
            Denominator::GrossLedger => "of the whole ledger",
            Denominator::Fixpoint => "of what this limit itself leaves",
        };
        all.push(format!(
            "We buy at most {} {of} from one {}; the excess stays with the client, the invoices \
             last in that order.",
            concentration.limit_percent,
            match concentration.by {
                ConcentrationBy::Debtor => "customer",
                ConcentrationBy::Group => "group of customers",
            }
        ));
        all
    }

    fn limit_sentence(&self) -> String {
        let limits = self.limits();
        let order = match limits.order {
            LimitOrder::DueFirst => "invoices due first",
            LimitOrder::OldestFirst => "the oldest invoices first",
            LimitOrder::Number => "invoices by their numbers",
            LimitOrder::SmallestFirst => "the smallest invoices first",
            LimitOrder::LargestFirst => "the largest invoices first",
        };
        let of = match limits.basis {
            LimitBasis::Balance => "what we buy",
            LimitBasis::Funded => "what we advance at the largest rate",
        };
        let mut sentence = format!(
            "We buy up to the customer's own limit, where it has one, {order}; limits are held against \
             {of}."
        );
        if let Some(pair) = limits.pair {
            let _ = write!(sentence, " Every other customer's limit is {pair}.");
        }
        if let Some(group) = limits.group {
            let _ = write!(sentence, " The limit of a group of customers is {group}.");
        }
        sentence.push_str(
            " Under a facility we advance up to what its borrowing base leaves; what we have bought already uses \
             up limits and is not bought again.",
        );
        sentence
    }

    fn rule_sentence(&self, rule: Rule) -> String {
        match rule {
            Rule::Duplicate => {
                "We do not buy an invoice whose number another invoice of the customer \
                                bears."
                    .to_owned()
            }
            Rule::AlreadyAssigned => {
                "We do not buy an invoice that is payable to someone else.".to_owned()
            }
            Rule::Disputed => "We do not buy an invoice that the customer disputes.".to_owned(),
            Rule::FutureDated => {
                "We do not buy an invoice dated after the day of the offer.".to_owned()
            }
            Rule::PastDue => format!(
                "We do not buy an invoice that is more than {} days past due.",
                self.past_due_days()
            ),
            Rule::LongDated => format!(
                "We do not buy an invoice that falls due in more than {} days.",
                self.maximum_days_to_due()
            ),
            Rule::MinimumSize => {
                format!("We do not buy an invoice of less than {}.", self.minimum_open())
            }
            Rule::Affiliate => {
                "We do not buy from the client's own affiliates, owners and employees.".to_owned()
            }
            Rule::Government => "We do not buy from governments.".to_owned(),
            Rule::Foreign => format!(
                "We do not buy from customers outside {}.",
                self.terms.eligibility.home_country.as_deref().unwrap_or_default()
            ),
            Rule::Insolvent => {
                "We do not buy from a customer that is insolvent or on a stop list.".to_owned()
            }
            Rule::CreditBalance => {
                "We do not buy from a customer whose credits are as large as what \
                                    it owes."
                    .to_owned()
            }
            Rule::CrossAged => self.cross_aging_sentence(),
            Rule::Consumer => "We do not buy from consumers.".to_owned(),
            Rule::ProgressBilling => {
                "We do not buy from customers that are billed in stages, before they accept, with a part \
                 retained, or for goods on consignment."
                    .to_owned()
            }
            Rule::NonAssignable => {
                "We do not buy from customers whose contracts forbid the assignment.".to_owned()
            }
            Rule::UnappliedCredit
            | Rule::Contra
            | Rule::DebtorLimit
            | Rule::GroupLimit
            | Rule::Concentration
            | Rule::AlreadyFunded
            | Rule::FacilityLimit
            | Rule::NoFeasibleTerms => rule.title().to_owned(),
        }
    }

    fn cross_aging_sentence(&self) -> String {
        let rule = self.cross_aging();
        let reached = match rule.comparator {
            Comparator::Above => "more than",
            Comparator::AtLeast => "at least",
        };
        let base = match rule.base {
            CrossAgeBase::Gross => "what it owes",
            CrossAgeBase::Net => "what it owes net of its credits",
        };
        format!(
            "We do not buy from a customer of whom {reached} {} of {base} is more than {} days \
             past due.",
            rule.threshold_percent,
            self.past_due_days()
        )
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
                 correlated by {}; below {} we make no offer.",
                reserve.tolerance_percent,
                reserve.step_percent,
                reserve.correlation_percent,
                reserve.lowest_rate_percent
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
