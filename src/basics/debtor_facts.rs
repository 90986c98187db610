use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Amount;

/// Facts about a debtor that its invoices do not show: a row of the debtor file, the service's
/// record of the debtor, the input of policy rules. An absent fact is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DebtorFacts {
    /// Id or name of the debtor with which this one is merged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    /// The debtor group to which it belongs, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its country, as written; a two-letter code in the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// True if the debtor is a government or government agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub government: Option<bool>,
    /// True if the debtor belongs to the client's own group, or is its owner or employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affiliate: Option<bool>,
    /// True if the debtor is insolvent or on a stop list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insolvent: Option<bool>,
    /// True if the debtor buys as a consumer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer: Option<bool>,
    /// True if the debtor is billed in stages, before acceptance, with retainage or on consignment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress_billing: Option<bool>,
    /// True if the debtor's contracts forbid the client to assign its receivables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub non_assignable: Option<bool>,
    /// The debtor limit: the most that may be bought, in major units of the ledger's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Amount>,
    /// The amount that the client owes the debtor, in major units of the ledger's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payable: Option<Amount>,
}

/// A fact about a debtor, by kind.
#[derive(Debug, PartialEq, Eq)]
pub enum DebtorFact<'a> {
    /// A name or a code.
    Text(&'a mut Option<String>),
    /// A yes or no.
    Flag(&'a mut Option<bool>),
    /// An amount in major units.
    Amount(&'a mut Option<Amount>),
}

/// A column of the debtor file.
#[derive(Debug)]
pub struct DebtorColumn {
    /// Its name.
    pub name: &'static str,
    /// Other accepted names.
    pub others: &'static [&'static str],
    /// True if the fact is about the debtor itself; false if it is one between a client and its
    /// debtor, which says nothing of another client.
    pub travels: bool,
    /// The fact that the column holds.
    pub fact: fn(&mut DebtorFacts) -> DebtorFact<'_>,
}

impl DebtorFacts {
    /// The columns of the debtor file after the one that names the debtor.
    ///
    /// To add a fact, add a member to this type and a column here: files, frames and the service
    /// all work from this list.
    pub const COLUMNS: [DebtorColumn; 11] = [
        DebtorColumn {
            name: "same_as",
            others: &[
                "merge_into",
                "merge",
                "is",
                "parent",
                "parent_debtor",
                "parent_customer",
                "main_customer",
            ],
            travels: false,
            fact: |facts| DebtorFact::Text(&mut facts.same_as),
        },
        DebtorColumn {
            name: "group",
            others: &["debtor_group", "customer_group"],
            travels: true,
            fact: |facts| DebtorFact::Text(&mut facts.group),
        },
        DebtorColumn {
            name: "country",
            others: &["debtor_country"],
            travels: true,
            fact: |facts| DebtorFact::Text(&mut facts.country),
        },
        DebtorColumn {
            name: "government",
            others: &["is_government"],
            travels: true,
            fact: |facts| DebtorFact::Flag(&mut facts.government),
        },
        DebtorColumn {
            name: "affiliate",
            others: &["is_affiliate", "related"],
            travels: false,
            fact: |facts| DebtorFact::Flag(&mut facts.affiliate),
        },
        DebtorColumn {
            name: "insolvent",
            others: &["insolvency", "bankrupt"],
            travels: true,
            fact: |facts| DebtorFact::Flag(&mut facts.insolvent),
        },
        DebtorColumn {
            name: "limit",
            others: &["credit_limit"],
            travels: true,
            fact: |facts| DebtorFact::Amount(&mut facts.limit),
        },
        DebtorColumn {
            name: "payable",
            others: &["payable_to_debtor", "owed_to_debtor"],
            travels: false,
            fact: |facts| DebtorFact::Amount(&mut facts.payable),
        },
        DebtorColumn {
            name: "consumer",
            others: &["is_consumer", "private"],
            travels: true,
            fact: |facts| DebtorFact::Flag(&mut facts.consumer),
        },
        DebtorColumn {
            name: "progress_billing",
            others: &["progress", "retainage", "consignment"],
            travels: false,
            fact: |facts| DebtorFact::Flag(&mut facts.progress_billing),
        },
        DebtorColumn {
            name: "non_assignable",
            others: &["anti_assignment", "assignment_forbidden"],
            travels: false,
            fact: |facts| DebtorFact::Flag(&mut facts.non_assignable),
        },
    ];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A member without a column could be told by nobody; two columns of one member would disagree.
    #[test]
    fn every_member_has_one_column_of_its_name() {
        let mut all = DebtorFacts::default();
        for column in &DebtorFacts::COLUMNS {
            match (column.fact)(&mut all) {
                DebtorFact::Text(text) => *text = Some(column.name.to_owned()),
                DebtorFact::Flag(flag) => *flag = Some(true),
                DebtorFact::Amount(amount) => *amount = Some(Amount::default()),
            }
            let written = serde_json::to_value(&all).expect("JSON");
            assert!(written.get(column.name).is_some(), "{}", column.name);
        }
        let members = serde_json::to_value(DebtorFacts::json_schema(
            &mut schemars::SchemaGenerator::default(),
        ));
        let members = members.expect("a schema")["properties"].as_object().expect("members").len();
        assert_eq!(members, DebtorFacts::COLUMNS.len());
        let names = DebtorFacts::COLUMNS.iter().flat_map(|c| [&[c.name], c.others].concat());
        let names: Vec<&str> = names.collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}
