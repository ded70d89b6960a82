//! The files of a test as all that is on disk.

use plimsoll::model;
use plimsoll::source::{Files, Listing};

/// Says of everything that is wanted what `files` come to, so that nothing is left to look for.
pub fn complete(files: &mut Files) {
    for wanted in model::read(files).wanted {
        let Some(directory) = wanted.strip_suffix('/') else {
            files.add_absent(&wanted);
            continue;
        };
        let inside = |path: &str| match directory {
            "." => Some(path.to_owned()),
            _ => Some(path.strip_prefix(directory)?.strip_prefix('/')?.to_owned()),
        };
        let paths = files.iter().filter_map(|file| inside(&file.path)).collect();
        files.add_listing(directory, Listing { paths, is_cut: false });
    }
}
