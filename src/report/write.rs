use std::fs;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;

use rayon::prelude::*;
use tempfile::NamedTempFile;

use super::{
    Evaluation, ReportError, credit_memo, footing_json, html, invoices_csv, invoices_parquet,
    offer_json, rejects_csv,
};

/// Writes the content of one file.
pub(super) type Content<'a> = &'a (dyn Fn(&mut dyn Write) -> Result<(), ReportError> + Sync);

/// The files of an evaluation.
pub const OFFER_FILES: [&str; 7] = [
    "offer.json",
    "invoices.csv",
    "invoices.parquet",
    "rejects.csv",
    "footing.json",
    "report.html",
    "credit_memo.html",
];

/// Writes every file of an evaluation into `folder`, which is made when missing.
///
/// # Errors
/// [`ReportError`] naming the file or folder.
pub fn write_files(evaluation: &Evaluation, folder: &Path) -> Result<(), ReportError> {
    let [offer, csv, parquet, rejects, footing, page, memo] = OFFER_FILES;
    write_all(
        folder,
        &[
            (offer, &|out| offer_json(evaluation, out)),
            (csv, &|out| invoices_csv(evaluation, out)),
            (parquet, &|out| invoices_parquet(evaluation, out)),
            (rejects, &|out| rejects_csv(&evaluation.rejects, out)),
            (footing, &|out| footing_json(&evaluation.certificate, out)),
            (page, &|out| Ok(out.write_all(html(evaluation).as_bytes())?)),
            (memo, &|out| Ok(out.write_all(credit_memo(evaluation).as_bytes())?)),
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
    make_folder(folder)?;
    if let Some(target) = files.iter().map(|(name, _)| folder.join(name)).find(|path| path.is_dir())
    {
        return Err(ReportError::NotAFile(target.display().to_string()));
    }
    let written: Vec<(&str, NamedTempFile)> = files
        .par_iter()
        .map(|&(name, write)| {
            let mut file = new_file(folder).map_err(|source| failed(folder, source))?;
            let mut out = BufWriter::with_capacity(1 << 18, &mut file);
            write(&mut out).map_err(|error| error.of(&folder.join(name)))?;
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

/// Makes a folder, and those above it, where they are missing.
///
/// # Errors
/// [`ReportError`] naming the folder, or the file that stands where a folder is needed.
pub(super) fn make_folder(folder: &Path) -> Result<(), ReportError> {
    if let Some(file) = folder.ancestors().find(|path| path.is_file()) {
        return Err(ReportError::NotAFolder(file.display().to_string()));
    }
    fs::create_dir_all(folder)
        .map_err(|source| ReportError::File { file: folder.display().to_string(), source })
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
    let folder = folder_of(path)?;
    let mut file = new_file(folder).map_err(failed)?;
    let mut out = BufWriter::new(&mut file);
    let written = write(&mut out)?;
    out.flush().map_err(failed)?;
    drop(out);
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(written)
}

/// The folder into which a file is to be written; the error names it, and not the temporary file.
fn folder_of(path: &Path) -> Result<&Path, ReportError> {
    if path.is_dir() {
        return Err(ReportError::NotAFile(path.display().to_string()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    match fs::metadata(folder) {
        Ok(kind) if kind.is_dir() => Ok(folder),
        Err(source) if source.kind() == ErrorKind::NotFound => {
            let (file, folder) = (path.display(), folder.display());
            Err(ReportError::Text(format!("{file}: there is no folder {folder}; make it first")))
        }
        Ok(_) => Err(ReportError::NotAFolder(folder.display().to_string())),
        Err(source) => Err(ReportError::File { file: folder.display().to_string(), source }),
    }
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
