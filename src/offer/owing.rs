//! The debtor of an invoice under everything that it is called.

use basics::folded;

/// The mark that accounting programs write between a customer and its sub-customer or job.
const MARK: char = ':';

/// The debtor of an invoice, as a ledger calls it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Owing<'a> {
    /// Its id in the client's ledger.
    pub id: &'a str,
    /// Its names, and the ids or names of the customers that are a part of it.
    pub names: Vec<&'a str>,
    /// The sub-customer, job or project that the invoice names; empty if it names none.
    pub job: &'a str,
}

impl Owing<'_> {
    /// Returns true if `text` is this debtor: its id, a name of it in any spelling, the job of the
    /// invoice, or a path such as `Cool Cars:Job 7` that begins with it or ends in it.
    ///
    /// Two paths are of one debtor if they begin with the same customer, or if one is a part of the
    /// other; so jobs of one name are two debtors where each stands below its own customer. The
    /// rule is our own: exports write one customer in all of these forms.
    pub fn is_called(&self, text: &str) -> bool {
        let text = text.trim();
        let head = text.split(MARK).next().unwrap_or_default().trim();
        let is_id = !self.id.is_empty() && [text, head].contains(&self.id);
        is_id || {
            let (whole, listed, job) = (folded(text), path(text), path(self.job));
            let is_name = |name: &&str| {
                let own = [path(name), job.clone()].concat();
                // Without the marks, because a layout may have another one.
                own.concat() == whole || are_one(&own, &listed)
            };
            !listed.is_empty() && self.names.iter().any(is_name)
        }
    }
}

/// The folded names of a path, the customer first.
fn path(text: &str) -> Vec<String> {
    let names = text.split(MARK).map(str::trim).filter(|name| !name.is_empty());
    names.map(folded).collect()
}

/// True if two paths are of one debtor.
fn are_one(one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let is_part = long.windows(short.len().max(1)).any(|part| part == short);
    is_part || one.first().is_some_and(|first| other.first() == Some(first))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Facility;
    use super::*;

    fn owing<'a>(id: &'a str, name: &'a str, job: &'a str) -> Owing<'a> {
        Owing { id, names: vec![name], job }
    }

    #[test]
    fn one_debtor_is_found_under_all_that_exports_call_it() {
        for (own, texts) in [
            (
                owing("Cool Cars", "Cool Cars", "Job 7"),
                &["Cool Cars", "Job 7", "Cool Cars:Job 7", "COOL CARS : job-7", "Cool Cars:Job 8"]
                    as &[&str],
            ),
            (owing("", "Cool Cars:Job 7", ""), &["Cool Cars", "Job 7", "cool cars: Job 7"]),
            (owing("C-1", "Cool Cars", ""), &["C-1", "Cool Cars:Job 7", "C-1:Job 7", "Cool, Cars"]),
            (owing("C-1", "Job 7", ""), &["Cool Cars:Job 7", "Job 7"]),
            (owing("", "Cool Cars", "Site:Job 7"), &["Site", "Job 7", "Site:Job 7", "Cool Cars"]),
            // Another mark.
            (owing("", "Cool Cars", "Job 7"), &["Cool Cars / Job 7", "Cool Cars - Job 7"]),
        ] {
            for text in texts {
                assert!(own.is_called(text), "{text} of {own:?}");
            }
        }
    }

    #[test]
    fn another_debtor_is_not_found() {
        for (own, texts) in [
            (
                owing("C-1", "Cool Cars", "Job 7"),
                &[
                    "",
                    ":",
                    "C1",
                    "c-1",
                    "Cool",
                    "Job 8",
                    "Warm Cars:Job 7",
                    "Warm Cars",
                    "Cars:Job 7",
                ] as &[&str],
            ),
            (owing("", "Cool Cars:Job 7", ""), &["Job 8", "Warm Cars:Job 7", "Cool", "7"]),
            (owing("", "Job 7", ""), &["Cool Cars", "Job 7 Ltd"]),
            (owing("", "", ""), &["", "Cool Cars"]),
        ] {
            for text in texts {
                assert!(!own.is_called(text), "{text} of {own:?}");
            }
        }
    }

    /// Another spelling of a name.
    fn spelt(name: &str, how: u8) -> String {
        match how {
            0 => name.to_owned(),
            1 => name.to_uppercase(),
            2 => name.replace(' ', "  "),
            3 => name.replace(' ', "-"),
            _ => format!(" {name}. "),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        /// The debtor as an export calls it: customer and job apart, both as a path, or the part of
        /// it that the list shows as well.
        #[test]
        fn what_is_listed_as_bought_under_any_name_of_its_debtor_is_bought(
            customer in "[A-M][a-m]{2,6} [a-m]{2,5}",
            job in "[N-Z][n-z]{2,6} [0-9]{1,2}",
            (shown, listed, how) in (0_u8..4, 0_u8..4, 0_u8..5),
        ) {
            let path = format!("{customer}:{job}");
            let own = match shown {
                0 => owing("C-1", &customer, &job),
                1 => owing(&path, &path, ""),
                2 => owing("C-1", &customer, ""),
                _ => owing(&job, &job, ""),
            };
            let debtor = match listed {
                0 => spelt(&customer, how),
                1 => format!("{}:{}", spelt(&customer, how), spelt(&job, how)),
                2 => spelt(&job, how),
                _ => "C-1".to_owned(),
            };
            let text = format!(
                "currency = \"USD\"\n[[funded]]\ninvoice = \" 1007 \"\ndebtor = \"{debtor}\"\n"
            );
            let facility: Facility = text.parse().expect("a facility");
            let is_bought = facility.has_funded("1007", || own.clone());
            let beside = facility.funded_beside([("1007", || own.clone())].into_iter());
            // Nobody can tell where one shows the customer alone and the other the job or an id.
            let cannot_tell = matches!((shown, listed), (2, 2) | (3, 0) | (1 | 3, 3));
            prop_assert_eq!(is_bought, !cannot_tell, "{} of {:?}", debtor, own);
            // What is not found is named to the underwriter.
            prop_assert_eq!(beside.is_empty(), is_bought);
            prop_assert!(!facility.has_funded("1008", || own.clone()), "another number");
            let other = owing("D-9", "Zzz", "Zz 1");
            prop_assert!(!facility.has_funded("1007", || other.clone()), "another debtor");
        }
    }
}
