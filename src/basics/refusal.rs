use std::io::{Error, ErrorKind};

/// Describes an error of the operating system to a user: "there is no such file or folder", never
/// "No such file or directory (os error 2)".
///
/// The text completes a sentence that begins with the name of the file or address.
pub fn refusal(error: &Error) -> String {
    let known = match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::AlreadyExists => "already exists",
        ErrorKind::IsADirectory => "is a folder; expected a file",
        ErrorKind::NotADirectory => "part of the path is a file where a folder was expected",
        ErrorKind::DirectoryNotEmpty => "is a folder that is not empty",
        ErrorKind::ReadOnlyFilesystem => "cannot be written: the disk is read-only",
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::QuotaExceeded => "this user's disk quota is exhausted",
        ErrorKind::FileTooLarge => "exceeds the largest file size that the disk allows",
        ErrorKind::InvalidFilename => "is not a valid file name",
        ErrorKind::InvalidData => "is not text (UTF-8)",
        ErrorKind::UnexpectedEof => "ends before it is complete",
        ErrorKind::BrokenPipe => "the program reading it has exited",
        ErrorKind::AddrInUse => "the address is already in use by another program",
        ErrorKind::AddrNotAvailable => "this machine does not have this address",
        ErrorKind::ConnectionRefused => "nothing is listening there (connection refused)",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => "the connection was cut off",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "cannot be reached",
        ErrorKind::TimedOut => "did not answer in time",
        ErrorKind::OutOfMemory => "does not fit in memory",
        _ => "",
    };
    // An error with a text of its own, from a room or a library, says more than its kind does.
    if !known.is_empty() && error.get_ref().is_none() {
        return known.to_owned();
    }
    let said = error.to_string();
    // A failed look-up has no kind of its own; this is how the standard library words it.
    if said.starts_with("failed to lookup address") {
        return "no host with this name was found".to_owned();
    }
    let words = said.split(" (os error ").next().unwrap_or_default();
    let mut letters = words.chars();
    // "Too many open files" continues a sentence, so its capital goes; that of "HTTP" stays.
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
