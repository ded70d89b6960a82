//! From files to one effective tree: documents, `include`, `extends`, overrides.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::source::{FileId, SourceFile, Span, Spanned};

use super::again::{Kept, is_plain};
use super::dotenv;
use super::merge::{clean, merge};
use super::schema::{FILE, SERVICE};
use super::template::{Use, Variables};
use super::validate::validate;
use super::value::{Conversion, Data, Entry, Value};
use super::{Compose, Context, Problem, ProblemKind, is_elsewhere, resolve};

/// More files than any project includes, counted as often as they are read.
const MAX_LOADS: usize = 500;
/// More than any chain of `extends`.
const MAX_CHAIN: usize = 50;

/// Merges the files of a group; `None` if there are none. What is kept of the one file of a plain
/// project is not in its tree.
pub fn load<'a>(
    context: &'a Context<'a>,
    group: &[FileId],
    kept: Option<&'a Kept>,
) -> Option<Compose> {
    let (first, last) = (context.files.get(*group.first()?), *group.last()?);
    let directory = directory_of(&first.path).to_owned();
    let mut loader = Loader {
        context,
        problems: Vec::new(),
        uses: Vec::new(),
        files: BTreeSet::new(),
        named: BTreeSet::new(),
        bases: HashMap::new(),
        wanted: BTreeSet::new(),
        directories: BTreeMap::new(),
        is_partial: false,
        broken: BTreeSet::new(),
        loads: 0,
        unreadable: Vec::new(),
        is_plain: group.len() == 1,
        kept,
    };
    let variables = match context.env_files {
        Some(paths) => loader.env_files(paths, context.variables),
        None => loader.env_files(&[resolve(&directory, ".env")], context.variables),
    };
    loader.is_plain &= kept.is_none_or(|kept| kept.variables == variables);
    if let Some(kept) = kept {
        loader.problems.extend_from_slice(&kept.problems);
        loader.uses.extend_from_slice(&kept.uses);
    }
    let root = loader.files(group, &directory, &variables, &mut Vec::new());
    loader.blame_env_files(&root);
    if root.is_empty() && loader.broken.is_empty() && !loader.is_partial {
        let message = "there is nothing in this Compose file".to_owned();
        let problem = Problem::new(ProblemKind::Value, Span::new(last, 0, 0), message);
        loader.problems.push(problem.help("add `services`").whole());
    }
    Some(Compose {
        file: last,
        group: group.to_vec(),
        named: loader.named,
        files: loader.files,
        services: Vec::new(),
        networks: Vec::new(),
        volumes: Vec::new(),
        secrets: Vec::new(),
        configs: Vec::new(),
        sources: Vec::new(),
        ignored: BTreeSet::new(),
        inline: Vec::new(),
        root,
        expected: BTreeSet::new(),
        uses: loader.uses,
        problems: loader.problems,
        wanted: loader.wanted,
        passed_over_for: None,
        is_partial: loader.is_partial,
        broken: loader.broken.into_iter().collect(),
        directories: loader.directories,
        places: HashMap::new(),
        completing: HashMap::new(),
        variables,
        said: Vec::new(),
        is_plain: loader.is_plain,
    })
}

/// The services of a file, before `extends`.
type Services = Rc<HashMap<String, Value>>;

struct Loader<'a> {
    context: &'a Context<'a>,
    problems: Vec<Problem>,
    uses: Vec<Use>,
    files: BTreeSet<FileId>,
    /// The services that the last file of the group names itself.
    named: BTreeSet<String>,
    /// What files have that are extended, read once.
    bases: HashMap<FileId, Services>,
    wanted: BTreeSet<String>,
    directories: BTreeMap<FileId, String>,
    is_partial: bool,
    broken: BTreeSet<Span>,
    loads: usize,
    /// Env files, and where and why Compose gives them up.
    unreadable: Vec<(String, Spanned<String>)>,
    is_plain: bool,
    kept: Option<&'a Kept>,
}

impl<'a> Loader<'a> {
    /// Merges files in their order. `including` are the files on the way here.
    fn files(
        &mut self,
        group: &[FileId],
        directory: &str,
        variables: &Variables,
        including: &mut Vec<FileId>,
    ) -> Value {
        let mut whole: Option<Value> = None;
        for id in group {
            let file = self.context.files.get(*id);
            self.directories.insert(*id, directory.to_owned());
            including.push(*id);
            let mut named = BTreeSet::new();
            for mut value in self.documents(file, variables) {
                // Of a file by itself all are its own.
                if group.len() > 1 {
                    let services = value.get("services").map(Value::entries).unwrap_or_default();
                    named.extend(services.iter().map(|service| service.key.value.to_string()));
                }
                self.include(&mut value, directory, variables, including);
                self.extend(&mut value, file, variables);
                let merged = match whole.take() {
                    Some(earlier) => merge(&FILE, earlier, value, &mut self.problems),
                    None => value,
                };
                validate(&FILE, &merged, "the file", &mut self.problems);
                whole = Some(merged);
            }
            including.pop();
            if including.is_empty() {
                self.named = named;
            }
        }
        let nothing = Span::new(group[0], 0, 0);
        let mut whole = whole.unwrap_or(Value::implied(Data::Map(Vec::new()), nothing));
        clean(&mut whole);
        whole
    }

    /// The documents of a file that are mappings.
    fn documents(&mut self, file: &SourceFile, variables: &Variables) -> Vec<Value> {
        self.files.insert(file.id);
        let tree = (self.context.tree)(file);
        self.is_plain &= is_plain(&tree);
        let mut values = Vec::new();
        for document in tree.documents() {
            let broken = tree.broken(document);
            let (problems, uses) = (&mut self.problems, &mut self.uses);
            let mut conversion = Conversion::new(variables, problems, uses).beside(self.kept);
            let value = conversion.value(document.root(&tree));
            self.is_plain &= conversion.is_within_limit();
            let before = self.broken.len();
            self.broken.extend(broken);
            self.is_partial |= before < self.broken.len();
            if matches!(value.data, Data::Map(_)) {
                values.push(value);
            } else if !document.is_damaged() && !value.is_null() {
                let message = "a Compose file has to be a mapping";
                self.problems.push(Problem::new(ProblemKind::Value, value.span, message));
            }
        }
        values
    }

    fn include(
        &mut self,
        value: &mut Value,
        directory: &str,
        variables: &Variables,
        including: &mut Vec<FileId>,
    ) {
        let Data::Map(entries) = &mut value.data else { return };
        let Some(place) = entries.iter().position(|entry| entry.key.value == "include") else {
            return;
        };
        self.is_plain = false;
        let include = entries.remove(place).value;
        validate(FILE.below("include"), &include, "include", &mut self.problems);
        for item in include.items() {
            let Some(included) = self.included(item, directory, variables, including) else {
                self.is_partial = true;
                continue;
            };
            let Data::Map(sections) = included.data else { continue };
            for section in sections {
                if IMPORTED.contains(&section.key.value.as_str()) {
                    self.import(value, section);
                }
            }
        }
    }

    /// Adds a section of an included project; where both have a name, the including file's entry
    /// is merged over the included one.
    fn import(&mut self, value: &mut Value, section: Entry) {
        let Data::Map(entries) = &mut value.data else { return };
        let shape = FILE.below(&section.key.value);
        match entries.iter_mut().find(|entry| entry.key.value == section.key.value) {
            Some(own) => {
                let null = Value::implied(Data::Null, own.value.span);
                let over = std::mem::replace(&mut own.value, null);
                own.value = merge(shape, section.value, over, &mut self.problems);
            }
            None => entries.push(section),
        }
    }

    /// The project that one item of `include` names; `None` if it is not in view.
    fn included(
        &mut self,
        item: &Value,
        directory: &str,
        variables: &Variables,
        including: &mut Vec<FileId>,
    ) -> Option<Value> {
        let path = item.get("path").unwrap_or(item);
        let mut group = Vec::new();
        for path in path.items_or_self() {
            group.push(self.find(path, directory)?.id);
        }
        let main = *group.first()?;
        if including.contains(&main) {
            let message = "this includes a file that includes this one";
            let problem = Problem::new(ProblemKind::Cycle, path.span, message);
            self.problems.push(problem.help("break the circle of `include`s"));
            return None;
        }
        self.loads += 1;
        if self.loads > MAX_LOADS {
            return None;
        }
        let own_directory = match item.get("project_directory") {
            Some(directory_value) => resolve(directory, directory_value.known()?),
            None => directory_of(&self.context.files.get(main).path).to_owned(),
        };
        let variables = match item.get("env_file") {
            Some(env_files) => {
                let mut paths = Vec::new();
                for path in env_files.items_or_self() {
                    paths.push(resolve(directory, path.known()?));
                }
                self.env_files(&paths, variables)
            }
            None => self.env_files(&[resolve(&own_directory, ".env")], variables),
        };
        Some(self.files(&group, &own_directory, &variables, including))
    }

    /// Puts what each service extends beneath it.
    fn extend(&mut self, value: &mut Value, file: &SourceFile, variables: &Variables) {
        let Data::Map(entries) = &mut value.data else { return };
        let Some(services) = entries.iter_mut().find(|entry| entry.key.value == "services") else {
            return;
        };
        let extending = |entry: &Entry| entry.value.get("extends").is_some();
        if !services.value.entries().iter().any(extending) {
            return;
        }
        self.is_plain = false;
        let all = Rc::new(by_name(&services.value));
        let Data::Map(services) = &mut services.value.data else { return };
        for service in services.iter_mut().filter(|service| extending(service)) {
            let name = &service.key.value;
            service.value = self.extended(file, &all, name, &mut Vec::new(), variables);
        }
    }

    /// A service over what it extends. `chain` are the services on the way here.
    fn extended(
        &mut self,
        file: &SourceFile,
        services: &Services,
        name: &str,
        chain: &mut Vec<(FileId, String)>,
        variables: &Variables,
    ) -> Value {
        let Some(mut own) = services.get(name).cloned() else {
            return Value::implied(Data::Null, Span::new(file.id, 0, 0));
        };
        let Some(extends) = own.get("extends").cloned() else { return own };
        if extends.is_null() {
            return own;
        }
        validate(SERVICE.below("extends"), &extends, "extends", &mut self.problems);
        chain.push((file.id, name.to_owned()));
        let base = self.base(file, services, &extends, chain, variables);
        chain.pop();
        // Whoever still says `extends` is not all there.
        let Some(base) = base else { return own };
        if let Data::Map(entries) = &mut own.data {
            entries.retain(|entry| entry.key.value != "extends");
        }
        merge(&SERVICE, base, own, &mut self.problems)
    }

    /// The service that `extends` names; `None` if it is not in view or not there.
    fn base(
        &mut self,
        file: &SourceFile,
        services: &Services,
        extends: &Value,
        chain: &mut Vec<(FileId, String)>,
        variables: &Variables,
    ) -> Option<Value> {
        let service = extends.get("service").unwrap_or(extends);
        let name = service.known()?;
        let elsewhere = match extends.get("file") {
            Some(path) => {
                let directory = self.directories.get(&file.id).cloned().unwrap_or_default();
                let found = self.find(path, &directory)?;
                let own_directory = directory_of(&found.path).to_owned();
                self.directories.entry(found.id).or_insert(own_directory);
                Some((found, self.services(found, variables)))
            }
            None => None,
        };
        let (base_file, base_services) = match &elsewhere {
            Some((file, services)) => (*file, services),
            None => (file, services),
        };
        if !base_services.contains_key(name) {
            if !self.is_partial {
                let message = format!("there is no service `{name}` in `{}`", base_file.path);
                self.problems.push(Problem::new(ProblemKind::Reference, service.span, message));
            }
            return None;
        }
        let link = (base_file.id, name.to_owned());
        if chain.contains(&link) {
            let message = format!("`{name}` comes to extend itself");
            let problem = Problem::new(ProblemKind::Cycle, service.span, message);
            self.problems.push(problem.help("break the circle of `extends`"));
            return None;
        }
        if chain.len() > MAX_CHAIN {
            return None;
        }
        Some(self.extended(base_file, base_services, name, chain, variables))
    }

    /// The services of a file that is extended.
    fn services(&mut self, file: &SourceFile, variables: &Variables) -> Services {
        if let Some(services) = self.bases.get(&file.id) {
            return Rc::clone(services);
        }
        let mut whole: Option<Value> = None;
        for value in self.documents(file, variables) {
            whole = Some(match whole.take() {
                Some(earlier) => merge(&FILE, earlier, value, &mut self.problems),
                None => value,
            });
        }
        let services = whole.as_ref().and_then(|whole| whole.get("services"));
        let services = Rc::new(services.map(by_name).unwrap_or_default());
        self.bases.insert(file.id, Rc::clone(&services));
        services
    }

    /// The file at a path that is written; `None` if it is not in view, with a problem if it is
    /// known not to be there.
    fn find(&mut self, path: &Value, directory: &str) -> Option<&'a SourceFile> {
        let written = path.known()?;
        if is_elsewhere(written) {
            return None;
        }
        let resolved = resolve(directory, written);
        match self.context.files.find(&resolved) {
            Some(file) => Some(file),
            None if self.context.files.is_absent(&resolved) => {
                let message = format!("there is no file `{resolved}`");
                self.problems.push(Problem::new(ProblemKind::File, path.span, message));
                None
            }
            None => {
                self.wanted.insert(resolved);
                None
            }
        }
    }

    /// Says of env files that are not named where the file begins.
    fn blame_env_files(&mut self, root: &Value) {
        let span = root.entries().first().map_or(root.span, |entry| entry.key.span);
        for (path, error) in std::mem::take(&mut self.unreadable) {
            let message = format!("Compose cannot read `{path}`");
            let problem = Problem::new(ProblemKind::EnvFile, span, message);
            self.problems.push(problem.also(error.span, error.value));
        }
    }

    /// Variables with those of env files behind them; of these the last counts.
    fn env_files(&mut self, paths: &[String], variables: &Variables) -> Variables {
        let mut own = Variables::default();
        for path in paths {
            match self.context.files.find(path) {
                Some(file) => {
                    let dotenv::EnvFile { variables, error } = dotenv::parse(file, &own);
                    self.unreadable.extend(error.map(|error| (path.clone(), error)));
                    for assignment in variables {
                        let name = &assignment.name;
                        match &assignment.value {
                            None => {}
                            Some(value) => match value.known() {
                                Some(known) => own.replace(&name.value, known, Some(name.span)),
                                None => own.forget(&name.value),
                            },
                        }
                    }
                }
                None if self.context.files.is_known(path) => {}
                None => drop(self.wanted.insert(path.clone())),
            }
        }
        variables.over(own)
    }
}

/// What of an included project becomes part of the including one.
const IMPORTED: [&str; 6] = ["services", "volumes", "networks", "secrets", "configs", "models"];

fn by_name(services: &Value) -> HashMap<String, Value> {
    let entry = |entry: &Entry| (entry.key.value.to_string(), entry.value.clone());
    services.entries().iter().map(entry).collect()
}

/// The directory of a path, without a `/` behind it; empty for the working directory.
fn directory_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}
