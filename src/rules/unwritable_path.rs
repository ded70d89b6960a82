use crate::model::container::Container;
use crate::model::image::ImageRef;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unwritable-path.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let Some(read_only) = container.read_only_root.get().filter(|setting| setting.value) else {
        return;
    };
    let targets: Option<Vec<&str>> =
        container.mounts.iter().map(|mount| mount.target.known()).collect();
    let Some(targets) = targets else { return };
    of_image(container, &targets, read_only.span, report);
    of_options(container, &targets, read_only.span, report);
}

/// What a known image writes to when it is started as it is.
fn of_image(container: &Container, targets: &[&str], read_only: Span, report: &mut Report) {
    let Some((row, base)) = container.writes().zip(container.base()) else { return };
    // Its configuration may put them elsewhere.
    if targets.iter().any(|it| row.settings.contains(it)) {
        return;
    }
    let is_covered = |names: &&[&str]| names.iter().any(|path| is_mounted(path, targets));
    let open: Vec<String> = row
        .paths
        .iter()
        .filter(|names| !is_covered(names))
        .map(|names| format!("`{}`", names[0]))
        .collect();
    // Who has mounted one of them in an image of their own may have moved the others.
    let is_told = container.built_from.is_none() || open.len() == row.paths.len();
    if !open.is_empty() && is_told {
        let message =
            format!("`{}` writes to {}, which it may not", base.familiar(), open.join(" and "));
        let own = container.image.as_ref().map(ImageRef::span);
        let finding = report.at(own.unwrap_or(read_only), message);
        finding.help("mount a `tmpfs` or an `emptyDir` there");
        match own {
            Some(_) => finding.also(read_only, "its files are read only"),
            None => finding.also(base.span(), "the base of its image"),
        };
    }
}

/// Where the command line says that the program writes: `--pid /run/app.pid`.
fn of_options(container: &Container, targets: &[&str], read_only: Span, report: &mut Report) {
    let start = container.start();
    let commands = [start.entrypoint, start.command].into_iter().filter_map(|it| it.get());
    let words = commands.filter_map(|command| command.value.known_words());
    for words in words {
        let mut option = "";
        for word in words {
            let (name, value) = match word.value.split_once('=') {
                Some((name, value)) if name.starts_with('-') => (name, value),
                _ => (option, word.value),
            };
            option = word.value;
            if writes_to(name) && value.starts_with('/') && !is_writable(value, targets) {
                let what = format!("`{value}` is to be written, and the file system is read only");
                report
                    .at(word.span, what)
                    .help("mount a `tmpfs` or an `emptyDir` there, or log to the output")
                    .also(read_only, "its files are read only");
            }
        }
    }
}

/// Whether an option names a file that a program writes.
fn writes_to(option: &str) -> bool {
    const NAMES: [&str; 12] = [
        "pid",
        "pidfile",
        "pid-file",
        "log-file",
        "logfile",
        "access-logfile",
        "error-logfile",
        "accesslog",
        "errorlog",
        "log-to",
        "worker-tmp-dir",
        "pid-path",
    ];
    option.strip_prefix('-').is_some_and(|name| NAMES.contains(&name.trim_start_matches('-')))
}

fn is_writable(path: &str, targets: &[&str]) -> bool {
    let run = path.strip_prefix("/var/run").map(|rest| format!("/run{rest}"));
    let var = path.strip_prefix("/run").map(|rest| format!("/var/run{rest}"));
    let others = run.iter().chain(&var).map(String::as_str);
    path.starts_with("/dev/")
        || path.starts_with("/proc/")
        || others.chain([path]).any(|path| is_mounted(path, targets))
}

/// Whether a mount holds a path.
fn is_mounted(path: &str, targets: &[&str]) -> bool {
    targets.iter().any(|target| {
        path.strip_prefix(target.trim_end_matches('/'))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}
