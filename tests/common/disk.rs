//! The files of a test as all that is on disk.

use plimsoll::model;
use plimsoll::source::{Files, Listing};

/// Says of everything that is wanted what `files` come to, until nothing is left to look for.
pub fn complete(files: &mut Files) {
    loop {
        let wanted = model::read(files).wanted;
        let open: Vec<_> = wanted.into_iter().filter(|path| !files.is_known(path)).collect();
        if open.is_empty() {
            return;
        }
        open.iter().for_each(|wanted| answer(files, wanted));
    }
}

fn answer(files: &mut Files, wanted: &str) {
    let Some(directory) = wanted.strip_suffix('/') else {
        return files.add_absent(wanted);
    };
    let inside = |path: &str| match directory {
        "." => Some(path.to_owned()),
        _ => Some(path.strip_prefix(directory)?.strip_prefix('/')?.to_owned()),
    };
    let paths = files.iter().filter_map(|file| inside(&file.path)).collect();
    files.add_listing(directory, Listing { paths, is_cut: false });
}
