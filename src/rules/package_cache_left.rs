use crate::knowledge::packages::{Action, Family};
use crate::model::Recipe;
use crate::model::environment::Environment;
use crate::model::packages::Invocation;
use crate::model::run::{Mark, Run};
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::{Command, Site};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/package-cache-left.md"), Check::Dockerfile(check));

/// What a family of package managers leaves behind.
struct Cache {
    family: Family,
    what: &'static str,
    /// Where it lies; a mount there, or its removal, keeps it out of the image.
    paths: &'static [&'static str],
    remedy: &'static str,
}

const CACHES: &[Cache] = &[
    Cache {
        family: Family::Apt,
        what: "index",
        paths: &["/var/lib/apt"],
        remedy: "end the `RUN` with `rm -rf /var/lib/apt/lists/*`",
    },
    Cache {
        family: Family::Apk,
        what: "index",
        paths: &["/var/cache/apk"],
        remedy: "add `--no-cache`",
    },
    Cache {
        family: Family::Rpm,
        what: "downloads",
        paths: &["/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5"],
        remedy: "end the `RUN` with `clean all`",
    },
    Cache {
        family: Family::Zypper,
        what: "downloads",
        paths: &["/var/cache/zypp"],
        remedy: "end the `RUN` with `zypper clean --all`",
    },
    Cache {
        family: Family::Python,
        what: "downloads",
        paths: &[".cache"],
        remedy: "add `--no-cache-dir`",
    },
];

fn check(recipe: &Recipe, report: &mut Report) {
    // What the last stage does not need is an image of its own.
    let ships = |run: &&Run| {
        let stage = &recipe.build.stages[run.stage];
        let name = stage.name.as_ref();
        let is_other =
            !stage.needed && name.is_none_or(|name| !Environment::is_development_name(&name.value));
        is_other || recipe.ships(run.stage)
    };
    for run in recipe.runs_with(Mark::Invocation).filter(ships) {
        let calls: Vec<_> = run.calls().collect();
        for cache in CACHES {
            let of_family = || {
                let calls = calls.iter().filter_map(|(_, call)| *call);
                calls.filter(|call| call.manager.family == cache.family)
            };
            // Of an index alone in its layer another rule speaks: later steps need it.
            if !of_family().any(|call| !matches!(call.action, Action::Refresh | Action::Clean)) {
                continue;
            }
            let Some(first) = of_family().find(|call| cache.filled_by(call)) else { continue };
            let fills = |(_, call): &(Site, Option<&Invocation>)| {
                call.is_some_and(|it| it.manager.family == cache.family && cache.filled_by(it))
            };
            let last = calls.iter().rposition(fills).unwrap_or_default();
            let is_cleaned = calls[last..].iter().any(|call| cache.is_removed_by(call))
                || recipe.step(run).mounts.iter().any(|mount| {
                    let target = mount.target.as_ref().map_or("", |target| target.value());
                    cache.paths.iter().any(|path| target.contains(path) || path.contains(target))
                })
                || cache.is_off(recipe, run, calls[last].0.command);
            if !is_cleaned {
                // What was cleared away before is filled again behind.
                let cleared = calls[..last].iter().rposition(|call| cache.is_removed_by(call));
                let behind = calls[cleared.unwrap_or_default()..].iter().find(|it| fills(it));
                let first = behind.and_then(|(_, call)| *call).unwrap_or(first);
                let message = format!("`{}` leaves its {} in the image", first.name(), cache.what);
                report.at(first.span(), message).help(cache.remedy);
            }
        }
    }
}

impl Cache {
    fn filled_by(&self, call: &Invocation) -> bool {
        use Action::{Install, Refresh, Upgrade};
        match self.family {
            Family::Apt => call.action == Refresh,
            Family::Apk => {
                matches!(call.action, Install | Upgrade)
                    && !call.has(&["--no-cache", "--no-network"])
            }
            Family::Python => {
                matches!(call.manager.name, "pip")
                    && matches!(call.action, Install | Action::InstallProject)
                    && !call.has(&["--no-cache-dir"])
            }
            _ => matches!(call.action, Install | Upgrade),
        }
    }

    fn is_removed_by(&self, (site, call): &(Site, Option<&Invocation>)) -> bool {
        let Some(program) = site.command.program() else { return false };
        if let Some(call) = call {
            // `yum clean metadata` leaves the packages.
            let mut words = program.arguments.iter();
            let all = self.family != Family::Rpm || words.any(|word| word.prefix() == "all");
            // `apt-get clean` leaves the index.
            let cleans = match self.family {
                Family::Apt => matches!(&*call.subcommand.value, "distclean" | "dist-clean"),
                _ => call.action == Action::Clean && all,
            };
            return call.manager.family == self.family && cleans;
        }
        let names = |path: &&str| program.arguments.iter().any(|it| it.prefix().contains(path));
        matches!(&*program.name, "rm" | "find") && self.paths.iter().any(names)
    }

    /// Whether a variable switches it off.
    fn is_off(&self, recipe: &Recipe, run: &Run, command: &Command) -> bool {
        const NAME: &str = "PIP_NO_CACHE_DIR";
        self.family == Family::Python
            && (command.environment().any(|(name, _)| name == NAME)
                || recipe.env_before(run, NAME).is_some()
                || recipe.env_of(run.stage, NAME).is_some())
    }
}
