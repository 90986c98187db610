use std::fs;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use scratch::Folder;

use super::{
    ReportError, credit_memo, footing_json, html, invoices_csv, invoices_parquet, rejects_csv,
};
use app::Evaluation;

/// Writes the content of one file.
pub(super) type Content<'a> = &'a (dyn Fn(&mut dyn Write) -> Result<(), ReportError> + Sync);

/// The files that [`write_files`] writes.
pub const OFFER_FILES: [&str; 7] = [
    "offer.json",
    "invoices.csv",
    "invoices.parquet",
    "rejects.csv",
    "footing.json",
    "report.html",
    "credit_memo.html",
];

/// Writes every file of an evaluation into `folder`, which is made if it does not exist.
///
/// # Errors
/// If the folder cannot be made or a file cannot be written; the error names it.
pub fn write_files(evaluation: &Evaluation, folder: &Path) -> Result<(), ReportError> {
    let [offer, csv, parquet, rejects, footing, page, memo] = OFFER_FILES;
    write_all(
        folder,
        &[
            (offer, &|out| Ok(evaluation.write_offer(out)?)),
            (csv, &|out| invoices_csv(evaluation, out)),
            (parquet, &|out| invoices_parquet(evaluation, out)),
            (rejects, &|out| rejects_csv(&evaluation.rejects, out)),
            (footing, &|out| footing_json(&evaluation.certificate, out)),
            (page, &|out| Ok(out.write_all(html(evaluation).as_bytes())?)),
            (memo, &|out| Ok(out.write_all(credit_memo(evaluation).as_bytes())?)),
        ],
    )
}

/// The files that [`write_client_copy`] writes.
pub const CLIENT_FILES: [&str; 2] = ["client_report.html", "client_invoices.csv"];

/// Writes the page and the lines of the client's copy of an evaluation into `folder`. The
/// evaluation keeps nothing else.
///
/// # Errors
/// If a file cannot be written; the error names it.
pub fn write_client_copy(evaluation: &mut Evaluation, folder: &Path) -> Result<(), ReportError> {
    evaluation.keep_client_copy();
    let evaluation = &*evaluation;
    let [page, csv] = CLIENT_FILES;
    write_all(
        folder,
        &[
            (page, &|out| Ok(out.write_all(html(evaluation).as_bytes())?)),
            (csv, &|out| invoices_csv(evaluation, out)),
        ],
    )
}

/// Writes files into `folder`, which is made if it does not exist.
///
/// All are drafts in a folder of their own first and moved at the end, so that a failure leaves no
/// half-written file and no mixture of two results.
pub(super) fn write_all(folder: &Path, files: &[(&str, Content<'_>)]) -> Result<(), ReportError> {
    make_folder(folder)?;
    let targets: Vec<(&str, PathBuf)> =
        files.iter().map(|(name, _)| (*name, folder.join(name))).collect();
    // Before any draft: a move that fails halfway would leave files of two results.
    if let Some((_, target)) = targets.iter().find(|(_, path)| path.is_dir()) {
        return Err(ReportError::NotAFile(target.display().to_string()));
    }
    let drafts = Folder::within(folder).map_err(|source| failed(folder, source))?;
    files.par_iter().try_for_each(|&(name, write)| {
        let named = |source| failed(&folder.join(name), source);
        let mut out = BufWriter::with_capacity(1 << 18, drafts.draft(name).map_err(named)?);
        write(&mut out).map_err(|error| error.of(&folder.join(name)))?;
        out.flush().map_err(named)
    })?;
    let moves: Vec<(&str, &Path)> =
        targets.iter().map(|(name, target)| (*name, target.as_path())).collect();
    drafts.publish(&moves).map_err(|(number, source)| failed(&targets[number].1, source))
}

fn failed(name: &Path, source: std::io::Error) -> ReportError {
    ReportError::File { file: name.display().to_string(), source }
}

/// Makes a folder and those above it where they do not exist.
///
/// # Errors
/// If the folder cannot be made, or a file has its name or that of a folder above it.
pub(super) fn make_folder(folder: &Path) -> Result<(), ReportError> {
    if let Some(file) = folder.ancestors().find(|path| path.is_file()) {
        return Err(ReportError::NotAFolder(file.display().to_string()));
    }
    fs::create_dir_all(folder)
        .map_err(|source| ReportError::File { file: folder.display().to_string(), source })
}

/// Writes one file as a draft and moves it into place at the end, so that a failure leaves nothing
/// behind.
///
/// # Errors
/// If `write` fails, or the file cannot be written; that error names the file.
pub fn write_file<T, E: From<ReportError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    let drafts = Folder::within(folder_of(path)?);
    write_by(&drafts.map_err(|source| failed(path, source))?, path, write)
}

/// The folder into which a file is to be written. It is looked at before the draft is made, so that
/// an error names the user's file and not a temporary one.
pub(super) fn folder_of(path: &Path) -> Result<&Path, ReportError> {
    if path.is_dir() {
        return Err(ReportError::NotAFile(path.display().to_string()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    match fs::metadata(folder) {
        Ok(kind) if kind.is_dir() => Ok(folder),
        Err(source) if source.kind() == ErrorKind::NotFound => {
            let (file, folder) = (path.display(), folder.display());
            Err(ReportError::Text(format!(
                "{file}: the folder {folder} does not exist; create it first"
            )))
        }
        Ok(_) => Err(ReportError::NotAFolder(folder.display().to_string())),
        Err(source) => Err(ReportError::File { file: folder.display().to_string(), source }),
    }
}

/// Writes one file as [`write_file`] does, with a folder of drafts on the same disk: a move between
/// disks would be a copy, which can fail halfway.
pub(super) fn write_by<T, E: From<ReportError>>(
    drafts: &Folder,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    const DRAFT: &str = "draft";
    let named = |source| failed(path, source);
    let mut out = BufWriter::new(drafts.draft(DRAFT).map_err(named)?);
    let written = write(&mut out)?;
    out.flush().map_err(named)?;
    drop(out);
    drafts.publish(&[(DRAFT, path)]).map_err(|(_, source)| named(source))?;
    Ok(written)
}
