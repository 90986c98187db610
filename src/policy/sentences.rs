//! The written policy: the sentences that an underwriter would sign.

use std::sync::LazyLock;

use pricing::{ChargePer, Jurisdiction, Recourse};
use words::{Catalogue, Fact, Facts};

use super::hold::HoldReason;
use super::policy::Policy;
use super::rules::Rule;

/// The headings of the sections, in their order.
static SECTIONS: LazyLock<[String; 5]> = LazyLock::new(|| {
    ["eligibility", "advance", "fee", "recourse", "offer"]
        .map(|section| said(&format!("section_{section}"), &Facts::new()))
});

/// Returns a sentence of the catalogue's message `policy`.
fn said(of: &str, facts: &Facts) -> String {
    Catalogue::english().say(&format!("policy.{of}"), facts)
}

/// Returns a text with a capital first letter.
fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

impl Policy {
    /// Returns the policy in sentences, by section: heading and sentences.
    pub fn sentences(&self) -> Vec<(&'static str, Vec<String>)> {
        let sections = [
            self.eligibility_sentences(),
            self.advance_sentences(),
            self.fee_sentences(),
            self.recourse_sentences(),
            self.offer_sentences(),
        ];
        SECTIONS.iter().map(String::as_str).zip(sections).collect()
    }

    fn eligibility_sentences(&self) -> Vec<String> {
        let mut all: Vec<String> = self.rules().map(|rule| self.of_rule(rule)).collect();
        all.push(self.of_rule(Rule::ConfirmedAmount));
        all.push(self.of_rule(Rule::UnappliedCredit));
        all.push(self.of_rule(Rule::Contra));
        let group = self.limits().group.map(|_| Rule::GroupLimit);
        let limits = [Some(Rule::DebtorLimit), group, Some(Rule::FacilityLimit)];
        let limits = limits.into_iter().flatten().map(|rule| self.of_rule(rule));
        // One paragraph: the later limits are used up in the order that the first one names.
        all.push(limits.collect::<Vec<_>>().join(" "));
        all.push(self.of_rule(Rule::Concentration));
        all
    }

    /// Returns the sentence of a rule.
    fn of_rule(&self, rule: Rule) -> String {
        rule.said("policy", &(rule.clause().terms)(self.criteria()))
    }

    fn advance_sentences(&self) -> Vec<String> {
        let cap = Facts::new().with("cap", self.advance_cap());
        let mut all = vec![said("advance_cap", &cap.with("threshold", self.dilution_threshold()))];
        if let Some(reserve) = &self.terms.advance.reserve {
            // That of the rule that declines ends the paragraph, so its facts are needed as well.
            let facts = (Rule::NoFeasibleTerms.clause().terms)(self.criteria())
                .with("tolerance", reserve.tolerance_percent)
                .with("step", reserve.step_percent)
                .with("correlation", reserve.correlation_percent);
            all.push(said("advance_reserve", &facts));
            if let Some(shortfall) = &reserve.shortfall {
                let facts = Facts::new()
                    .with("confidence", shortfall.confidence_percent)
                    .with("limit", shortfall.limit_percent);
                all.push(said("advance_shortfall", &facts));
            }
        }
        all
    }

    fn fee_sentences(&self) -> Vec<String> {
        let plan = self.fee_plan();
        let words = Facts::new().with("plan", plan.words());
        let mut all = Vec::new();
        match &self.terms.price {
            None => all.push(said("fee_listed", &words)),
            Some(price) => {
                let (cost, count) = self.cost_of_funds();
                let worst = price.capital.confidence_percent.to_f64();
                let facts = Facts::new()
                    .with("lowest", price.lowest_percent)
                    .with("highest", price.highest_percent)
                    .with("step", price.step_percent)
                    .with("hurdle", price.hurdle_percent)
                    .with("funding", cost)
                    .with("day_count", count.as_str())
                    .with("handling", price.operating_cost)
                    .with("capital", price.capital.cost_percent)
                    // A confidence of 99 % reads as a loss of one year in a hundred.
                    .with("years", (1.0 / (1.0 - worst)).round() as u32);
                let lowest = Facts::new().with("lowest", price.menu_lowest_advance_percent);
                all.push(said("fee_solved", &words));
                all.push(said("price", &facts));
                all.push(said("menu", &lowest));
            }
        }
        for (per, variant) in [
            (ChargePer::Funding, "funding"),
            (ChargePer::Invoice, "invoice"),
            (ChargePer::Month, "month"),
            (ChargePer::Occurrence, "occurrence"),
        ] {
            for event in plan.charges().of(per) {
                let facts = Facts::new()
                    .with("per", Fact::Variant(variant))
                    .with("amount", event.amount)
                    .with("event", capitalised(event.event.title()));
                all.push(said("charge", &facts));
            }
        }
        all
    }

    fn recourse_sentences(&self) -> Vec<String> {
        let terms = &self.terms.recourse;
        let loss = self
            .recourse_facts()
            .with("credit", terms.credit_share_percent)
            .with("default", terms.client_default_percent)
            .with("correlation", terms.client_correlation_percent)
            .with("lost", terms.loss_given_default_percent);
        vec![said("recourse", &self.recourse_facts()), said("loss", &loss)]
    }

    /// Returns the day of recourse in words, as the end of a sentence about an invoice that is
    /// unpaid.
    pub fn recourse_when(&self) -> String {
        let by_invoice = self.recourse_days_after_invoice();
        let facts = Facts::new()
            .with("days", self.recourse_days())
            .with("by_invoice", Fact::yes(by_invoice.is_some()))
            .and("invoice_days", by_invoice);
        said("recourse_when", &facts)
    }

    /// Returns the facts of a sentence on recourse: `kind` (`full`, `non_recourse` or `modified`)
    /// and `when` it is taken.
    pub fn recourse_facts(&self) -> Facts {
        let kind = match self.recourse() {
            Recourse::Full => "full",
            Recourse::NonRecourse => "non_recourse",
            Recourse::Modified => "modified",
        };
        Facts::new().with("kind", Fact::Variant(kind)).with("when", self.recourse_when())
    }

    fn offer_sentences(&self) -> Vec<String> {
        let mut all = vec![said("valid", &Facts::new().with("days", self.valid_days()))];
        if let Some(limit) = self.override_limit() {
            all.push(said("override", &Facts::new().with("limit", limit)));
        }
        if let Some(terms) = self.confirm() {
            let held = terms.hold.iter().map(|reason| reason.title().to_lowercase());
            let held = held.collect::<Vec<_>>().join("; ");
            let facts = Facts::new()
                .with("held", held)
                .with("large", Fact::yes(terms.holds(HoldReason::Large)))
                .with("new", Fact::yes(terms.holds(HoldReason::NewDebtor)))
                .with("covered", Fact::yes(terms.holds(HoldReason::Coverage)))
                .with("coverage", terms.coverage_percent)
                .with("drawn", Fact::yes(terms.draws()))
                .with("random", terms.random_percent)
                .with("from", terms.from)
                .with("seasoned", terms.seasoned_percent)
                .with("days", terms.valid_days)
                .with("invalid", terms.invalid_percent)
                .with("factor", terms.new_debtor_factor)
                .with("wrong", terms.looks_wrong_percent)
                .with("confirmed", terms.confirmed_percent)
                .with("lost", terms.lost_percent)
                .with("most", terms.most);
            if !terms.hold.is_empty() {
                all.push(said("hold", &facts));
            }
            all.push(said("verification", &facts));
        }
        if let Some((settings, jurisdictions)) = self.disclosure() {
            let names: Vec<&str> = jurisdictions.iter().map(|&j| Jurisdiction::name(j)).collect();
            let names = match names.split_last() {
                Some((last, [])) => (*last).to_owned(),
                Some((last, first)) => format!("{} and {last}", first.join(", ")),
                None => String::new(),
            };
            let returned = settings.reserve_return_anticipated;
            let reserve = Fact::Variant(if returned { "returned" } else { "charged" });
            let facts = Facts::new().with("jurisdictions", names);
            all.push(said("disclosure", &facts.with("reserve", reserve)));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(more: &str) -> Vec<String> {
        let text = format!("extends = \"standard\"\nname = \"own\"\nversion = \"1\"\n{more}");
        let policy: Policy = text.parse().unwrap_or_else(|error| panic!("{more}: {error}"));
        policy.sentences().into_iter().flat_map(|(_, said)| said).collect()
    }

    /// Policies that between them say every sentence, in all its variants.
    const POLICIES: &[&str] = &[
        "[advance.reserve.shortfall]\nlimit_percent = 3\nconfidence_percent = 99\n",
        "without = [\"price\", \"advance.reserve\", \"confirm\", \"disclosure\"]\n\
         [offer]\nvalid_days = 1\noverride_limit = 5000\n\
         [recourse]\nkind = \"non_recourse\"\n",
        "[recourse]\nkind = \"modified\"\n[eligibility.limits]\npair = 4000\ngroup = 6000\n\
         [disclosure.settings]\nreserve_return_anticipated = true\n\
         [[charges.events]]\nevent = \"wire\"\namount = 25\nper = \"funding\"\n\
         [[charges.events]]\nevent = \"lockbox\"\namount = 40\nper = \"month\"\n\
         [[charges.events]]\nevent = \"ach\"\namount = 3\nper = \"occurrence\"\n\
         [[charges.events]]\nevent = \"verification\"\namount = 1\nper = \"invoice\"\n",
        "[disclosure.settings]\nreserve_return_anticipated = false\n\
         [recourse]\nkind = \"full\"\n",
    ];

    #[test]
    fn every_sentence_has_all_its_facts() {
        let all: Vec<String> = POLICIES.iter().flat_map(|policy| written(policy)).collect();
        for said in &all {
            // A fact that is missing is written as {$its_name}, a missing sentence as
            // policy.its_name.
            assert!(said.ends_with('.') || said.contains(": "), "{said}");
            assert!(!said.contains(['{', '$']) && !said.contains("policy."), "{said}");
        }
        for part in [
            "We advance at most",
            "Below an advance of 50 % we make no offer.",
            "Beyond the 99 % confidence level",
            "The fee is ",
            "The fee takes the form of",
            "one-in-",
            "The client may choose",
            "Wire transfer: 25 on each advance",
            "1 for each invoice",
            "Lockbox: 40 a month",
            "3 for each occurrence",
            "The client buys back every invoice",
            "disputed and credited amounts go back",
            "an invoice to a customer we approved",
            "as credit loss",
            "fails to repay disputed or credited amounts",
            "fails to buy back",
            "accepted for 1 day.",
            "more than 5,000 requires a second approval",
            "Beyond what is held, we confirm",
            "the reserve is part",
            "the reserve is not part",
        ] {
            assert!(all.iter().any(|said| said.contains(part)), "{part}: {all:#?}");
        }
    }

    #[test]
    fn what_is_held_is_explained_by_the_reasons_of_the_list_alone() {
        let held = |confirm: &str| {
            let all = written(&format!("[confirm]\n{confirm}\n"));
            all.into_iter().find(|said| said.starts_with("We hold an invoice")).unwrap_or_default()
        };
        let lead = "We hold an invoice, and buy it only once its customer has confirmed it, for \
                    any of these reasons:";
        for (confirm, expected) in [
            ("hold = [\"reopened\"]", "open again."),
            (
                "hold = [\"large\"]\nfrom = 5000",
                "large invoices. An invoice is large from 5,000 bought on.",
            ),
            (
                "hold = [\"new_debtor\"]",
                "new customer. A customer is new until it has paid an invoice of 10 % of its \
                 largest open one, or has confirmed one.",
            ),
            (
                "hold = [\"coverage\"]\ncoverage_percent = 40",
                "share of value. The share of value is 40 % of what we buy, the largest invoices \
                 first.",
            ),
            (
                "hold = [\"drawn\"]\nrandom_percent = 7.5",
                "drawn at random. Of the other invoices 7.5 % are drawn at random.",
            ),
        ] {
            let expected = format!("{lead} {expected} A confirmation counts for 60 days.");
            assert_eq!(held(confirm), expected, "{confirm}");
        }
    }

    #[test]
    fn every_section_has_a_heading() {
        let policy = Policy::standard().expect("a policy");
        let headings: Vec<&str> =
            policy.sentences().into_iter().map(|(heading, _)| heading).collect();
        assert_eq!(headings.len(), 5);
        assert!(headings.iter().all(|heading| !heading.contains("policy.")), "{headings:?}");
    }
}
