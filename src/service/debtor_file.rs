use basics::{DebtorFact, DebtorFacts};

use super::ServiceError;

/// Writes debtors as the CSV file that an evaluation reads.
pub(super) fn debtor_file(rows: Vec<(String, DebtorFacts)>) -> Result<String, ServiceError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = DebtorFacts::COLUMNS.iter().map(|column| column.name);
    let header = writer.write_record(std::iter::once("debtor").chain(names));
    header.map_err(ServiceError::internal)?;
    for (id, mut facts) in rows {
        let cells = DebtorFacts::COLUMNS.iter().map(|column| cell((column.fact)(&mut facts)));
        let cells: Vec<String> = std::iter::once(id).chain(cells).collect();
        writer.write_record(cells).map_err(ServiceError::internal)?;
    }
    let bytes = writer.into_inner().map_err(ServiceError::internal)?;
    String::from_utf8(bytes).map_err(ServiceError::internal)
}

fn cell(fact: DebtorFact<'_>) -> String {
    match fact {
        DebtorFact::Text(text) => text.clone().unwrap_or_default(),
        // Empty is not "no": what is unknown stays so.
        DebtorFact::Flag(flag) => flag.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned(),
        DebtorFact::Amount(amount) => amount.map_or(String::new(), |amount| amount.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use basics::Amount;

    #[test]
    fn what_is_known_stands_in_its_column_and_the_rest_is_empty() {
        let known = DebtorFacts {
            group: Some("North, Inc".to_owned()),
            government: Some(false),
            consumer: Some(true),
            limit: Some(Amount("1000.50".parse().expect("a decimal"))),
            ..DebtorFacts::default()
        };
        let file = debtor_file(vec![("10".to_owned(), known)]).expect("a file");
        let lines: Vec<&str> = file.lines().collect();
        assert!(lines[0].starts_with("debtor,same_as,group,country,government,"), "{file}");
        assert_eq!(lines[1], "10,,\"North, Inc\",,no,,,1000.50,,yes,,");
    }
}
