pub fn html(_: &super::Evaluation) -> String { String::new() }
