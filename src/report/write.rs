use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use rayon::prelude::*;
use tempfile::NamedTempFile;

use super::{
    Evaluation, ReportError, credit_memo, footing_json, html, invoices_csv, invoices_parquet,
    offer_json, rejects_csv,
};

/// Writes the content of one file.
pub(super) type Content<'a> = &'a (dyn Fn(&mut dyn Write) -> Result<(), ReportError> + Sync);

/// Writes every file of an evaluation into `folder`, which is made when missing.
///
/// # Errors
/// [`ReportError`] naming the file or folder.
pub fn write_files(evaluation: &Evaluation, folder: &Path) -> Result<(), ReportError> {
    write_all(
        folder,
        &[
            ("offer.json", &|out| offer_json(evaluation, out)),
            ("invoices.csv", &|out| invoices_csv(evaluation, out)),
            ("invoices.parquet", &|out| invoices_parquet(evaluation, out)),
            ("rejects.csv", &|out| rejects_csv(&evaluation.rejects, out)),
            ("footing.json", &|out| footing_json(&evaluation.certificate, out)),
            ("report.html", &|out| Ok(out.write_all(html(evaluation).as_bytes())?)),
            ("credit_memo.html", &|out| Ok(out.write_all(credit_memo(evaluation).as_bytes())?)),
        ],
    )
}

/// Writes files into `folder`, which is made when missing.
///
/// All are written under other names first and renamed at the end, so that a failure leaves no
/// half-written file and no mixture of two results.
pub(super) fn write_all(folder: &Path, files: &[(&str, Content<'_>)]) -> Result<(), ReportError> {
    let failed =
        |name: &Path, source| ReportError::File { file: name.display().to_string(), source };
    fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    if let Some(target) = files.iter().map(|(name, _)| folder.join(name)).find(|path| path.is_dir())
    {
        let source = std::io::Error::from(std::io::ErrorKind::IsADirectory);
        return Err(failed(&target, source));
    }
    let written: Vec<(&str, NamedTempFile)> = files
        .par_iter()
        .map(|&(name, write)| {
            let mut file = new_file(folder).map_err(|source| failed(folder, source))?;
            let mut out = BufWriter::with_capacity(1 << 18, &mut file);
            write(&mut out)?;
            out.flush().map_err(|source| failed(&folder.join(name), source))?;
            drop(out);
            Ok((name, file))
        })
        .collect::<Result<_, ReportError>>()?;
    for (name, file) in written {
        let target = folder.join(name);
        file.persist(&target).map_err(|error| failed(&target, error.error))?;
    }
    Ok(())
}

/// Writes one file under another name and renames it at the end, so that a failure leaves none.
///
/// # Errors
/// What `write` says, or the system's words with the name of the file.
pub fn write_file<T, E: From<ReportError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    let failed = |source| ReportError::File { file: path.display().to_string(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // A missing folder is to be named, not the temporary file in it.
    fs::metadata(folder).map_err(failed)?;
    let mut file = new_file(folder).map_err(failed)?;
    let mut out = BufWriter::new(&mut file);
    let written = write(&mut out)?;
    out.flush().map_err(failed)?;
    drop(out);
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(written)
}

/// A temporary file that, once renamed, others may read as any file of the user.
fn new_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
