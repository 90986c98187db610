use super::catalogue::Catalogue;
use super::fact::Facts;

/// Returns the English words of this name, which hold no fact.
pub fn say(name: &str) -> String {
    say_with(name, &Facts::new())
}

/// Returns the English words of this name with these facts. Where the catalogue has none it is the
/// name, as in [`Catalogue::say`]; in a build for tests, that and a fact that is missing panic.
pub fn say_with(name: &str, facts: &Facts) -> String {
    let words = Catalogue::english();
    debug_assert_eq!(words.try_say(name, facts).err(), None, "every fact has to be given");
    words.say(name, facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_catalogue_has_is_said() {
        let facts = Facts::new().with("invoices", 2).with("days", 30);
        assert_eq!(
            say_with("notice.issue_date_assumed", &facts),
            Catalogue::english().say("notice.issue_date_assumed", &facts)
        );
        assert_eq!(say("past_due.title"), "Too far past due");
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "every fact has to be given")]
    fn what_it_lacks_is_noticed_in_tests() {
        say("past_dew.title");
    }
}
