//! What objects of different files have to do with one another: the reason to judge files
//! together.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use rayon::prelude::*;
use smallvec::SmallVec;

use crate::source::FileId;

use super::super::setting::Setting;
use super::cluster::default_limits;
use super::labels::Selector;
use super::object::{Manifest, Unit};
use super::piece::Piece;
use super::scaling::SCALED_KINDS;
use super::workload::Workload;

/// What objects have that others may look for, and what they look for. Whatever the rest of a
/// cluster changes for an object, it changes by objects that have what this one looks for. Kept
/// as hashes: what is alike by chance is judged together for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    has: Vec<u64>,
    looks_for: Vec<u64>,
    /// Whoever is looked for has all of a list.
    looks_for_all: Vec<Vec<u64>>,
}

/// Joins the files of each piece, and the pieces that have to do with one another: each by its
/// first file.
pub(super) fn joins<'a>(
    pieces: impl Iterator<Item = &'a Arc<Piece>> + Clone,
) -> Vec<(FileId, FileId)> {
    let mut joins = Vec::new();
    let mut having: HashMap<u64, SmallVec<[FileId; 2]>> = HashMap::new();
    let by_first = pieces.filter_map(|piece| Some((*piece.files.first()?, piece)));
    for (first, piece) in by_first.clone() {
        joins.extend(piece.files[1..].iter().map(|file| (first, *file)));
        piece.ties.has.iter().for_each(|tie| having.entry(*tie).or_default().push(first));
    }
    for (first, piece) in by_first {
        let single = piece.ties.looks_for.iter().map(std::slice::from_ref);
        for all in single.chain(piece.ties.looks_for_all.iter().map(Vec::as_slice)) {
            // The rarest leaves the fewest.
            let number = |tie: &u64| having.get(tie).map_or(0, SmallVec::len);
            let rarest = all.iter().min_by_key(|tie| number(tie));
            let Some(found) = rarest.and_then(|tie| having.get_mut(tie)) else { continue };
            joins.extend(found.iter().filter(|file| **file != first).map(|file| (first, *file)));
            // They are one from now on.
            found.truncate(1);
        }
    }
    joins
}

#[derive(Hash)]
enum Tie<'a> {
    Unit(Unit),
    /// An object by its kind and its name.
    Object(&'a str, &'a str),
    /// Pods with a label of this value.
    Label(&'a str, &'a str),
    /// Pods whose labels a template decides.
    UnknownLabels,
    /// Pods of a namespace; `None` if that is not written.
    Pods(Option<&'a str>),
    AnyPods,
    /// Policies of a namespace; `None` if that is not written.
    Policies(Option<&'a str>),
    AnyPolicy,
    /// What the pods of a namespace must keep to.
    Standard(&'a str),
    /// A binding that gives an account of this name rights.
    Bound(&'a str),
    /// Limits for all containers of a namespace.
    Limits(Option<&'a str>),
}

impl Tie<'_> {
    fn number(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

impl Ties {
    /// Those of objects that are applied together.
    pub(super) fn of(unit: Unit, objects: &[Manifest]) -> Self {
        let of_some = |objects: &[Manifest]| {
            let mut ties = Self::default();
            objects.iter().for_each(|object| ties.object(object));
            ties.once()
        };
        let parts: Vec<Self> = objects.par_chunks(256).map(of_some).collect();
        let mut ties = Self::default();
        for mut part in parts {
            ties.has.append(&mut part.has);
            ties.looks_for.append(&mut part.looks_for);
            ties.looks_for_all.append(&mut part.looks_for_all);
        }
        // What is applied together is judged together.
        ties.has(&Tie::Unit(unit));
        ties.look_for(&Tie::Unit(unit));
        ties.once()
    }

    /// Each of them once, in order.
    fn once(mut self) -> Self {
        for ties in [&mut self.has, &mut self.looks_for] {
            ties.sort_unstable();
            ties.dedup();
        }
        self.looks_for_all.sort_unstable();
        self.looks_for_all.dedup();
        self
    }

    fn has(&mut self, tie: &Tie) {
        self.has.push(tie.number());
    }

    fn look_for(&mut self, tie: &Tie) {
        self.looks_for.push(tie.number());
    }

    fn object(&mut self, object: &Manifest) {
        let kind = &object.kind.value;
        let name = object.name.get().map(|name| &name.value);
        for name in name.into_iter().chain(&object.renamed) {
            self.has(&Tie::Object(kind, name));
        }
        for (kind, name) in object.names_others() {
            self.look_for(&Tie::Object(&kind, &name));
        }
        let namespace = object.namespace.get().map(|namespace| namespace.value.as_str());
        if !default_limits(object).is_empty() {
            self.has(&Tie::Limits(namespace));
        }
        if let (Some(name), Setting::Set(_)) = (object.name.get(), object.enforced_standard()) {
            self.has(&Tie::Standard(&name.value));
        }
        for subject in object.bound_role().into_iter().flat_map(|role| role.subjects) {
            self.has(&Tie::Bound(&subject.name.value));
        }
        if kind.ends_with("Policy") {
            self.policy(namespace);
        }
        for workload in &object.workloads {
            self.look_for(&Tie::Limits(namespace));
            self.look_for(&Tie::Bound(account(workload)));
            namespace.iter().for_each(|name| self.look_for(&Tie::Standard(name)));
            self.has(&Tie::Pods(namespace));
            self.has(&Tie::AnyPods);
            for label in workload.labels.iter() {
                match label.value.get() {
                    Some(value) => self.has(&Tie::Label(&label.key.value, &value.value)),
                    None => self.has(&Tie::UnknownLabels),
                }
            }
            if workload.labels.is_open() {
                self.has(&Tie::UnknownLabels);
            }
        }
        let own = object.workloads.iter().filter_map(|workload| workload.selector.as_ref());
        own.chain(&object.selects).for_each(|selector| self.pods(selector, namespace));
        // Of a chart nobody expects to know all.
        if object.selects.is_some() && !object.is_templated() {
            self.look_for(&Tie::UnknownLabels);
        }
    }

    /// The pods that a selector of a namespace may be about.
    fn pods(&mut self, selector: &Selector, namespace: Option<&str>) {
        let labels = selector.exact().map(|(key, value)| Tie::Label(key, value).number());
        let labels: Vec<u64> = labels.collect();
        match (&labels[..], namespace) {
            ([label], _) => self.looks_for.push(*label),
            ([_, ..], _) => self.looks_for_all.push(labels),
            ([], Some(_)) => {
                self.look_for(&Tie::Pods(namespace));
                self.look_for(&Tie::Pods(None));
            }
            ([], None) => self.look_for(&Tie::AnyPods),
        }
    }

    /// What a policy closes, another one of the same namespace may open.
    fn policy(&mut self, namespace: Option<&str>) {
        self.has(&Tie::Policies(namespace));
        self.has(&Tie::AnyPolicy);
        self.look_for(&Tie::Policies(None));
        match namespace {
            Some(_) => self.look_for(&Tie::Policies(namespace)),
            None => self.look_for(&Tie::AnyPolicy),
        }
    }
}

/// The account of a workload's pods; that of all others if it names none.
fn account(workload: &Workload) -> &str {
    workload.pod.service_account.get().map_or("default", |account| &account.value)
}

impl Manifest {
    /// The objects that it names, each by kind and name.
    pub(super) fn names_others(&self) -> Vec<(String, String)> {
        let tls = self.tls_secrets();
        let references = self.workloads.iter().flat_map(|workload| &workload.pod.references);
        let references = references.chain(&tls);
        let mut named: Vec<(String, String)> = references
            .filter_map(|it| Some((it.to.kind().to_owned(), it.name.get()?.value.clone())))
            .collect();
        let backends = self.backends().into_iter().filter_map(|backend| {
            Some(("Service".to_owned(), backend.service.get()?.value.clone()))
        });
        named.extend(backends);
        let governing = self.governing_service().get().map(|name| name.value.clone());
        named.extend(governing.map(|name| ("Service".to_owned(), name)));
        let scaled = self.autoscaler().into_iter().flat_map(|scaler| {
            let kinds = SCALED_KINDS.map(str::to_owned).into_iter();
            let kinds = kinds.chain(scaler.kind.get().map(|kind| kind.value.clone()));
            let name = scaler.name.get().map(|name| name.value.clone());
            kinds.filter_map(move |kind| Some((kind, name.clone()?)))
        });
        named.extend(scaled);
        let accounts = self.workloads.iter().map(account);
        named.extend(accounts.map(|account| ("ServiceAccount".to_owned(), account.to_owned())));
        named.extend(self.bound_role().map(|role| (role.kind, role.name.value)));
        named
    }
}
