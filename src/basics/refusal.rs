use std::io::{Error, ErrorKind};

/// What the operating system refused, as a user reads it: "there is no such file or folder", and
/// never "No such file or directory (os error 2)". A sentence names the file before it.
pub fn refusal(error: &Error) -> String {
    let known = match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::AlreadyExists => "is there already",
        ErrorKind::IsADirectory => "is a folder; expected a file",
        ErrorKind::NotADirectory => "a part of its path is a file, where a folder was expected",
        ErrorKind::DirectoryNotEmpty => "is a folder that is not empty",
        ErrorKind::ReadOnlyFilesystem => "nothing can be written there: the disk is read-only",
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::QuotaExceeded => "the quota of this user on the disk is used up",
        ErrorKind::FileTooLarge => "is larger than the disk allows",
        ErrorKind::InvalidFilename => "is not a valid name of a file",
        ErrorKind::InvalidData => "is not text (UTF-8)",
        ErrorKind::UnexpectedEof => "ends before it is complete",
        ErrorKind::BrokenPipe => "the program that reads it has ended",
        ErrorKind::AddrInUse => "another program uses this address already",
        ErrorKind::AddrNotAvailable => "this machine does not have this address",
        ErrorKind::ConnectionRefused => "nothing answers there (connection refused)",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => "the connection was cut off",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "cannot be reached",
        ErrorKind::TimedOut => "did not answer in time",
        ErrorKind::OutOfMemory => "does not fit into memory",
        _ => "",
    };
    // Whoever wrote a text of their own said more than the kind does.
    if !known.is_empty() && error.get_ref().is_none() {
        return known.to_owned();
    }
    let said = error.to_string();
    if said.starts_with("failed to lookup address") {
        return "no host of this name is known".to_owned();
    }
    let words = said.split(" (os error ").next().unwrap_or_default();
    let mut letters = words.chars();
    // "Too many open files" goes on a sentence that has begun; "HTTP" stays.
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain([second]).chain(letters).collect()
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_words_and_numbers_reach_nobody() {
        for number in 1..=133 {
            let said = refusal(&Error::from_raw_os_error(number));
            assert!(!said.contains("os error") && !said.is_empty(), "{number}: {said}");
            assert!(!said.starts_with(char::is_uppercase) || said.starts_with("RFS"), "{said}");
        }
        let missing = Error::from(ErrorKind::NotFound);
        assert_eq!(refusal(&missing), "there is no such file or folder");
    }

    #[test]
    fn a_text_of_ones_own_stays() {
        let own = Error::new(ErrorKind::NotFound, "Host 'db' has no address");
        assert_eq!(refusal(&own), "host 'db' has no address");
        let text = std::io::read_to_string(&b"\xff"[..]).expect_err("no UTF-8");
        assert_eq!(refusal(&text), "is not text (UTF-8)");
    }
}
