use words::{Catalogue, Facts};

/// The words of this name, which hold no fact.
pub(crate) fn say(name: &str) -> String {
    say_with(name, &Facts::new())
}

/// The words of this name with these facts.
pub(crate) fn say_with(name: &str, facts: &Facts) -> String {
    let words = Catalogue::english();
    debug_assert_eq!(words.try_say(name, facts).err(), None, "every fact has to be given");
    words.say(name, facts)
}
