//! All objects in view, and who refers to whom among them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::knowledge::kubernetes::{is_made_by_cluster, runs_nothing};
use crate::knowledge::naming::is_placeholder;
use crate::source::{Span, Spanned};
use crate::syntax::yaml::Node;

use super::super::container::Part;
use super::super::setting::Setting;
use super::labels::{Labels, Selector};
use super::object::{Generated, Manifest, Unit};
use super::piece::Piece;
use super::pod::{PodContainer, Reference};
use super::read;
use super::scaling::Autoscaler;
use super::workload::Workload;

/// Every object that a group of files comes to, in the order of the files.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    pieces: Vec<Arc<Piece>>,
    /// Every object: its piece, and which of that piece's it is.
    objects: Vec<(u32, u32)>,
    by_kind: HashMap<SmolStr, OfKind>,
    /// Every workload: its object, and which of that object's it is.
    workloads: Vec<(usize, usize)>,
    /// Numbers of workloads by the value of one of their pods' labels.
    by_label: HashMap<SmolStr, HashMap<SmolStr, Numbers>>,
    /// Those whose labels a template decides.
    unlabelled: Vec<usize>,
    /// For each workload the objects that select its pods.
    selected_by: Vec<Vec<usize>>,
    /// Namespaces whose LimitRange gives containers a limit of a resource.
    limited: HashSet<(Option<String>, String)>,
    /// The autoscaler of an object, both by number.
    scaled_by: HashMap<usize, usize>,
    /// Where pods are held.
    hold_pods: HashSet<(Unit, Option<String>)>,
    /// Units of which a part is broken, far away or left to a tool.
    incomplete: HashSet<Unit>,
    /// What custom resources say and are called, by unit: what they are called or name, or what
    /// begins with their name, their operators may make.
    provided: HashSet<(Unit, String)>,
    providers: HashSet<(Unit, String)>,
    /// What custom resources are called by which something is run.
    operated: HashSet<(Unit, String)>,
    /// What Secrets and ConfigMaps are called that are made at run time.
    made: HashSet<(Unit, String)>,
    /// For each action of a template that its chart's values decide where they do.
    decided: BTreeMap<Span, Span>,
}

/// The objects of a kind.
#[derive(Clone, Debug, Default)]
struct OfKind {
    all: Vec<usize>,
    by_name: HashMap<SmolStr, Numbers>,
    /// The units that hold one in a namespace.
    held: HashSet<(Unit, Option<String>)>,
    /// Units of which one has a name that a template decides.
    unnamed: HashSet<Unit>,
}

/// Mostly there is one.
type Numbers = SmallVec<[usize; 2]>;

/// What is known of what an object refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup<T> {
    Found(T),
    /// It should be in view, and is not.
    Missing,
    /// It may live elsewhere, or a template decides what is meant.
    OutOfSight,
}

impl<T> Lookup<T> {
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(found) => Some(found),
            Self::Missing | Self::OutOfSight => None,
        }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Lookup<U> {
        match self {
            Self::Found(found) => Lookup::Found(change(found)),
            Self::Missing => Lookup::Missing,
            Self::OutOfSight => Lookup::OutOfSight,
        }
    }

    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

/// A workload with the object that holds it.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    pub object: &'a Manifest,
    pub workload: &'a Workload,
    number: usize,
}

/// An object, or the entry of a kustomization that generates it.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    Object(&'a Manifest),
    Generated(&'a Generated),
}

impl Source<'_> {
    /// Whether a ConfigMap or a Secret has this key; `None` if that cannot be known.
    pub fn has_key(self, key: &str) -> Option<bool> {
        match self {
            Self::Generated(generated) => {
                Some(generated.keys.as_ref()?.iter().any(|own| own == key))
            }
            Self::Object(object) => {
                let root = object.root();
                let mut known = !read::is_open(root);
                // What is empty is to be filled.
                let mut is_empty = true;
                for data in ["data", "stringData", "binaryData"].map(|data| root.get(data)) {
                    let Some(data) = data else { continue };
                    if data.get(key).is_some() {
                        return Some(true);
                    }
                    known &= data.is_null() || data.is_mapping() && !read::is_open(data);
                    is_empty &= data.entries().is_empty();
                }
                (known && !is_empty).then_some(false)
            }
        }
    }

    /// Where a key of a ConfigMap or a Secret is written.
    pub fn key(self, key: &str) -> Option<Span> {
        match self {
            Self::Generated(generated) => {
                let literal = generated.literals.iter().find(|literal| literal.key == key);
                literal.map(|literal| literal.value.span)
            }
            Self::Object(object) => {
                let data = ["data", "stringData", "binaryData"].map(|data| object.root().get(data));
                let entry = data.into_iter().flatten().find_map(|data| data.entry(key));
                entry.map(|entry| entry.key.span())
            }
        }
    }

    /// The words to point at.
    pub fn place(self) -> Span {
        match self {
            Self::Object(object) => object.blame(),
            Self::Generated(generated) => generated.name.span,
        }
    }
}

impl Cluster {
    /// Indexes objects.
    pub fn new(pieces: Vec<Arc<Piece>>) -> Self {
        let mut cluster = Self::default();
        for (number, piece) in pieces.iter().enumerate() {
            cluster.objects.extend((0..piece.objects.len()).map(|at| (number as u32, at as u32)));
            cluster.incomplete.extend(&piece.incomplete);
            cluster.decided.extend(&piece.decided);
        }
        cluster.pieces = pieces;
        let mut objects = std::mem::take(&mut cluster.objects);
        objects.sort_by_key(|at| cluster.at(*at).place());
        cluster.objects = objects;
        for index in 0..cluster.objects.len() {
            cluster.add(index);
        }
        cluster.selected_by = vec![Vec::new(); cluster.workloads.len()];
        for index in 0..cluster.objects.len() {
            let object = cluster.object(index);
            let Some(selector) = &object.selects else { continue };
            for workload in cluster.select(object, selector).found {
                cluster.selected_by[workload].push(index);
            }
        }
        for index in 0..cluster.objects.len() {
            let Some(scaler) = cluster.object(index).autoscaler() else { continue };
            if let Some(target) = cluster.scaled(cluster.object(index), &scaler).found() {
                cluster.scaled_by.insert(target, index);
            }
        }
        cluster
    }

    /// Gives up what it is made of, so that it may be taken for the next one.
    pub(in super::super) fn give_up(&mut self) {
        self.pieces.clear();
    }

    fn add(&mut self, index: usize) {
        let pieces = Arc::clone(&self.pieces[self.objects[index].0 as usize]);
        let object = &pieces.objects[self.objects[index].1 as usize];
        let of_kind = self.by_kind.entry((&object.kind.value).into()).or_default();
        of_kind.all.push(index);
        of_kind.held.insert((object.unit, namespace_of(object)));
        let name = object.name.get().map(|name| &name.value);
        for name in name.into_iter().chain(&object.renamed) {
            of_kind.by_name.entry(name.into()).or_default().push(index);
        }
        if object.name.is_unresolved() {
            of_kind.unnamed.insert(object.unit);
        }
        if makes_others(object) {
            let words = read::flat(object.root()).into_iter().filter(|it| is_name(it));
            self.provided.extend(words.map(|word| (object.unit, word)));
            self.providers.extend(name.map(|name| (object.unit, name.clone())));
            if !runs_nothing(object.group()) {
                self.operated.extend(name.map(|name| (object.unit, name.clone())));
            }
        }
        self.made.extend(made_at_run_time(object).map(|name| (object.unit, name)));
        for resource in default_limits(object) {
            self.limited.insert((namespace_of(object), resource));
        }
        for (at, workload) in object.workloads.iter().enumerate() {
            self.hold_pods.insert((object.unit, namespace_of(object)));
            self.add_workload((index, at), &workload.labels);
        }
    }

    /// What it is made of.
    pub fn pieces(&self) -> &[Arc<Piece>] {
        &self.pieces
    }

    /// All that have to do with one another; what they have, [`Ties`](super::ties::Ties) says.
    pub fn objects(&self) -> impl ExactSizeIterator<Item = &Manifest> {
        self.objects.iter().map(|at| self.at(*at))
    }

    /// The objects of a kind, whatever their group.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Manifest> {
        let all = self.by_kind.get(kind).into_iter().flat_map(|of_kind| &of_kind.all);
        all.map(|index| self.object(*index))
    }

    /// What kustomizations generate.
    pub fn generated(&self) -> impl Iterator<Item = &Generated> {
        self.pieces.iter().flat_map(|piece| &piece.generated)
    }

    pub fn workloads(&self) -> impl ExactSizeIterator<Item = Member<'_>> {
        (0..self.workloads.len()).map(|number| self.workload(number))
    }

    /// The workloads whose pods a selector of `from` selects.
    pub fn pods(&self, from: &Manifest, selector: &Selector) -> Lookup<Vec<Member<'_>>> {
        let selected = self.select(from, selector);
        if !selected.found.is_empty() {
            let pods = selected.found.into_iter().map(|number| self.workload(number));
            return Lookup::Found(pods.collect());
        }
        let certain = selected.certain && !self.may_run_elsewhere(from, selector);
        let expected = selected.elsewhere.is_some()
            || self.hold_pods.contains(&(from.unit, namespace_of(from)));
        self.absence(from, certain && expected)
    }

    /// Whether what a selector asks for may be pods of an operator, which takes their labels from a
    /// custom resource, or of the cluster itself.
    fn may_run_elsewhere(&self, from: &Manifest, selector: &Selector) -> bool {
        let is_provided = |value: &str| self.provided.contains(&(from.unit, value.to_owned()));
        selector.exact().any(|(_, value)| is_provided(value) || self.may_be_run(from, value))
            || namespace_of(from).as_deref() == Some("kube-system")
    }

    /// A workload that a selector of `from` would select, were it in the same namespace.
    pub fn elsewhere(&self, from: &Manifest, selector: &Selector) -> Option<Member<'_>> {
        self.select(from, selector).elsewhere.map(|number| self.workload(number))
    }

    /// The object of a kind and a name in the namespace of `from`.
    pub fn find(&self, from: &Manifest, kind: &str, name: &Setting<String>) -> Lookup<&Manifest> {
        match self.number(from, kind, name).map(|index| self.object(index)) {
            Lookup::Missing
                if name.get().is_some_and(|name| self.may_be_run(from, &name.value)) =>
            {
                Lookup::OutOfSight
            }
            found => found,
        }
    }

    /// Whether what is called so may be the cluster's own, or belong to what an operator runs:
    /// `kibana-kb-http` to a Kibana `kibana`.
    fn may_be_run(&self, from: &Manifest, name: &str) -> bool {
        let begins = name.match_indices('-').map(|(at, _)| &name[..at]);
        namespace_of(from).as_deref() == Some("kube-system")
            || begins
                .chain([name])
                .any(|part| self.operated.contains(&(from.unit, part.to_owned())))
    }

    /// Like [`find`](Self::find), and also what a kustomization generates.
    pub fn source(
        &self,
        from: &Manifest,
        kind: &str,
        name: &Setting<String>,
    ) -> Lookup<Source<'_>> {
        let is_it = |generated: &&Generated| {
            generated.kind == kind
                && generated.unit == from.unit
                && name.get().is_some_and(|name| {
                    name.value == generated.name.value
                        || Some(&name.value) == generated.renamed.as_ref()
                })
        };
        let mut generated = self.generated().filter(is_it);
        match generated.next() {
            // Prefixes tell them apart.
            Some(first) if generated.any(|other| other.name.span != first.name.span) => {
                Lookup::OutOfSight
            }
            Some(first) => Lookup::Found(Source::Generated(first)),
            None => match self.find(from, kind, name).map(Source::Object) {
                Lookup::Missing if self.may_be_made(from.unit, kind, name) => Lookup::OutOfSight,
                found => found,
            },
        }
    }

    /// Whether a custom resource may stand for a Secret or ConfigMap of this name: an
    /// ExternalSecret, a certificate, a database with its credentials.
    fn may_be_made(&self, unit: Unit, kind: &str, name: &Setting<String>) -> bool {
        let Some(name) = name.get().filter(|_| matches!(kind, "ConfigMap" | "Secret")) else {
            return false;
        };
        let begins = name.value.match_indices('-').map(|(at, _)| &name.value[..at]);
        let known = (unit, name.value.clone());
        is_made_by_cluster(kind, &name.value)
            || is_placeholder(&name.value)
            || self.provided.contains(&known)
            || self.made.contains(&known)
            || begins.into_iter().any(|part| self.providers.contains(&(unit, part.to_owned())))
    }

    /// Where the values of a chart decide what a template says at a place.
    pub fn decided(&self, place: Span) -> impl Iterator<Item = Span> {
        let before = Span { end: place.start, ..place };
        let up_to = Span { start: place.end, end: place.end, ..place };
        // Actions do not overlap, so that at most the last one before reaches into the place.
        let last = self.decided.range(..before).next_back();
        let touches = move |action: &Span| action.file == place.file && action.end > place.start;
        let actions = last.into_iter().chain(self.decided.range(before..up_to));
        actions.filter(move |(action, _)| touches(action)).map(|(_, values)| *values)
    }

    /// What a pod of `from` needs.
    pub fn reference(&self, from: &Manifest, reference: &Reference) -> Lookup<Source<'_>> {
        self.source(from, reference.to.kind(), &reference.name)
    }

    /// What an autoscaler in `from` scales.
    pub fn target(&self, from: &Manifest, scaler: &Autoscaler) -> Lookup<&Manifest> {
        self.scaled(from, scaler).map(|index| self.object(index))
    }

    /// The autoscaler that decides how many pods of this object there are.
    pub fn autoscaler(&self, member: Member) -> Option<(&Manifest, Autoscaler)> {
        let object = self.object(*self.scaled_by.get(&self.workloads[member.number].0)?);
        Some((object, object.autoscaler()?))
    }

    /// How many pods of a workload there are at least: what its autoscaler says, or else itself.
    /// `None` if nothing in view says so.
    pub fn replicas(&self, member: Member) -> Option<Spanned<i64>> {
        if !member.workload.controller.has_replicas() {
            return None;
        }
        let (setting, default, place) = match self.autoscaler(member) {
            Some((object, scaler)) => {
                let default = i64::from(object.kind.value != "ScaledObject");
                (scaler.minimum, default, object.blame())
            }
            None => (member.workload.replicas.clone(), 1, member.object.blame()),
        };
        match setting {
            Setting::Set(number) => Some(number),
            Setting::Absent => Some(Spanned::new(default, place)),
            Setting::Unresolved(_) | Setting::NotApplicable => None,
        }
    }

    /// The containers for which nothing in view says how much of a resource they need.
    pub fn without_request<'a>(
        &self,
        member: Member<'a>,
        resource: &'a str,
    ) -> impl Iterator<Item = &'a PodContainer> + use<'a> {
        let pod = &member.workload.pod;
        let is_told = !pod.resources.requested(resource).is_absent()
            || self.has_default_limit(member.object, resource);
        pod.containers.iter().filter(move |container| {
            !is_told
                && container.view.part != Part::Ephemeral
                && container.resources.requested(resource).is_absent()
        })
    }

    /// Whether a LimitRange of the same namespace gives containers a limit of a resource.
    pub fn has_default_limit(&self, object: &Manifest, resource: &str) -> bool {
        self.limited.contains(&(namespace_of(object), resource.to_owned()))
    }

    /// The objects of a kind that select a workload's pods, those of its own file first.
    pub fn selecting<'a>(
        &'a self,
        member: Member<'a>,
        kind: &'a str,
    ) -> impl Iterator<Item = &'a Manifest> {
        let selecting = self.selected_by[member.number].iter().map(|index| self.object(*index));
        let selecting = selecting.filter(move |object| object.kind.value == kind);
        let is_beside = move |object: &&Manifest| object.file == member.object.file;
        selecting.clone().filter(is_beside).chain(selecting.filter(move |it| !is_beside(it)))
    }

    /// Whether all of a unit could be read, as far as anybody can tell.
    pub fn is_complete(&self, unit: Unit) -> bool {
        !matches!(unit, Unit::Chart(_)) && !self.incomplete.contains(&unit)
    }

    fn number(&self, from: &Manifest, kind: &str, name: &Setting<String>) -> Lookup<usize> {
        let Some(name) = name.get() else { return Lookup::OutOfSight };
        debug_assert!(
            from.names_others().contains(&(kind.to_owned(), name.value.clone())),
            "{kind} {} may be of another group",
            name.value
        );
        let (mut certain, mut elsewhere) = (true, false);
        let of_kind = self.by_kind.get(kind);
        let named = of_kind.and_then(|of_kind| of_kind.by_name.get(name.value.as_str()));
        let named = named.map(Numbers::as_slice).unwrap_or_default();
        // Where files are renderings of one chart, each is meant to go by itself.
        let own = named.partition_point(|index| self.object(*index).file < from.file);
        let beside = named[own..].iter().take_while(|index| self.object(**index).file == from.file);
        for index in beside.chain(named) {
            let object = self.object(*index);
            match together(from, object) {
                Some(true) => return Lookup::Found(*index),
                Some(false) => elsewhere |= object.unit == from.unit,
                None => certain = false,
            }
        }
        let is_unnamed = of_kind.is_some_and(|it| it.unnamed.contains(&from.unit));
        let is_held = |it: &OfKind| it.held.contains(&(from.unit, namespace_of(from)));
        let expected = elsewhere || of_kind.is_some_and(is_held);
        self.absence(from, certain && !is_unnamed && expected)
    }

    fn scaled(&self, from: &Manifest, scaler: &Autoscaler) -> Lookup<usize> {
        let Some(kind) = scaler.kind.get() else { return Lookup::OutOfSight };
        self.number(from, &kind.value, &scaler.name)
    }

    fn at(&self, (piece, at): (u32, u32)) -> &Manifest {
        &self.pieces[piece as usize].objects[at as usize]
    }

    fn object(&self, index: usize) -> &Manifest {
        self.at(self.objects[index])
    }

    fn workload(&self, number: usize) -> Member<'_> {
        let (object, at) = self.workloads[number];
        let object = self.object(object);
        Member { object, workload: &object.workloads[at], number }
    }

    fn add_workload(&mut self, place: (usize, usize), labels: &Labels) {
        let number = self.workloads.len();
        self.workloads.push(place);
        if labels.is_open() || labels.iter().any(|label| label.value.get().is_none()) {
            self.unlabelled.push(number);
        }
        for label in labels.iter() {
            let Some(value) = label.value.get() else { continue };
            let of_key = self.by_label.entry((&label.key.value).into()).or_default();
            of_key.entry((&value.value).into()).or_default().push(number);
        }
    }

    fn select(&self, from: &Manifest, selector: &Selector) -> Selected {
        let mut selected = Selected { found: Vec::new(), certain: true, elsewhere: None };
        let mut judge = |number: usize| {
            let Member { object, workload, .. } = self.workload(number);
            match (together(from, object), selector.matches(&workload.labels)) {
                (Some(true), Some(true)) => selected.found.push(number),
                (Some(false), Some(true)) if object.unit == from.unit => {
                    selected.elsewhere = Some(number);
                }
                (Some(false), _) | (_, Some(false)) => {}
                _ => selected.certain = false,
            }
        };
        // The rarest of the labels that must be there leaves the fewest to look at.
        let rarest = selector
            .exact()
            .map(|(key, value)| self.by_label.get(key).and_then(|of_key| of_key.get(value)))
            .map(|numbers| numbers.map_or(&[][..], Numbers::as_slice))
            .min_by_key(|numbers| numbers.len());
        match rarest {
            Some(numbers) => {
                let mut numbers: Vec<usize> =
                    numbers.iter().chain(&self.unlabelled).copied().collect();
                numbers.sort_unstable();
                numbers.dedup();
                numbers.into_iter().for_each(&mut judge);
            }
            None => (0..self.workloads.len()).for_each(&mut judge),
        }
        selected
    }

    /// What nothing found means: it should be in view where others of its kind are, or where it
    /// is itself, only in another namespace.
    fn absence<T>(&self, from: &Manifest, expected: bool) -> Lookup<T> {
        match expected && self.is_complete(from.unit) {
            true => Lookup::Missing,
            false => Lookup::OutOfSight,
        }
    }
}

/// What a selector selects, by the numbers of the workloads.
struct Selected {
    found: Vec<usize>,
    /// It surely selects no others.
    certain: bool,
    /// One of its unit that it would select, were that in its namespace.
    elsewhere: Option<usize>,
}

/// Whether something in the cluster may make other objects of what this one says.
fn makes_others(object: &Manifest) -> bool {
    let group = object.group();
    // What runs pods only needs what it names.
    let runs_pods = !object.workloads.is_empty();
    let is_custom = group.contains('.') && !group.ends_with(".k8s.io") && !runs_pods;
    is_custom || object.annotations.iter().any(|it| it.key.value.starts_with("cert-manager.io/"))
}

/// The names of Secrets and ConfigMaps that an object makes, or lets others make.
fn made_at_run_time(object: &Manifest) -> impl Iterator<Item = String> {
    let permissions = object.permissions();
    let may_create = permissions.iter().any(|permission| {
        let any = |words: &[Spanned<String>], wanted: &[&str]| {
            words.iter().any(|word| wanted.contains(&word.value.as_str()))
        };
        any(&permission.resources, &["secrets", "configmaps", "*"])
            && any(&permission.verbs, &["create", "*"])
    });
    let of_roles = permissions.into_iter().filter(move |_| may_create);
    let of_roles = of_roles.flat_map(|permission| permission.names).map(|name| name.value);
    // OpenShift's certificates: `service.beta.openshift.io/serving-cert-secret-name`.
    let annotations = object.annotations.iter();
    let of_annotations = annotations
        .filter(|it| it.key.value.ends_with(".openshift.io/serving-cert-secret-name"))
        .filter_map(|it| Some(it.value.get()?.value.clone()));
    let containers = object.workloads.iter().flat_map(|workload| &workload.pod.containers);
    let commands = containers.flat_map(|it| [&it.view.entrypoint, &it.view.command]);
    let lines = commands.filter_map(|command| command.get()?.value.known_words());
    let creating = lines.filter(|line| line.iter().any(|word| word.value.contains("create")));
    let of_commands = creating.flatten().flat_map(|word| {
        word.value.split([' ', '\n', '"', '\'']).filter(|it| is_name(it)).map(str::to_owned)
    });
    of_roles.chain(of_annotations).chain(of_commands)
}

/// Whether an object may be called so, as far as it takes to keep texts out.
fn is_name(word: &str) -> bool {
    (1..=253).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
}

/// The resources that a LimitRange limits for containers that say nothing.
pub(super) fn default_limits(object: &Manifest) -> Vec<String> {
    if !object.is(&[""], "LimitRange") {
        return Vec::new();
    }
    let limits = object.root().at(&["spec", "limits"]).into_iter().flat_map(Node::items);
    let of_containers =
        limits.filter(|limit| limit.get("type").and_then(read::plain) == Some("Container"));
    let defaults = of_containers.filter_map(|limit| limit.get("default")).flat_map(Node::entries);
    defaults.filter_map(|entry| read::plain(entry.key).map(str::to_owned)).collect()
}

/// The namespace that is written, if one is.
fn namespace_of(object: &Manifest) -> Option<String> {
    object.namespace.get().map(|namespace| namespace.value.clone())
}

/// Whether two objects are applied into one namespace; `None` if that cannot be known. Without a
/// namespace an object goes wherever the one who applies it says, which may be any.
fn together(one: &Manifest, other: &Manifest) -> Option<bool> {
    let in_chart = matches!(one.unit, Unit::Chart(_));
    match (one.unit, other.unit) {
        (Unit::Kustomization(a), Unit::Kustomization(b)) if a != b => return None,
        (Unit::Chart(a), Unit::Chart(b)) if a != b => return None,
        _ => {}
    }
    if one.is_cluster_wide() || other.is_cluster_wide() {
        return Some(true);
    }
    match (&one.namespace, &other.namespace) {
        (Setting::Set(one), Setting::Set(other)) => Some(one.value == other.value),
        (Setting::Absent, Setting::Absent) => Some(true),
        // `{{ .Release.Namespace }}` is what is meant by nothing at all.
        (Setting::Set(_), _) | (_, Setting::Set(_)) => None,
        _ => (in_chart && one.unit == other.unit).then_some(true),
    }
}
