//! Patches: strategic merge as kustomize does it, and the operations of RFC 6902.

use std::sync::Arc;

use crate::source::FileId;
use crate::syntax::yaml::{self, Draft, Entry, Node, NodeId, Tree};

use super::super::read;
use super::{Builder, Item};

/// A change of some objects.
struct Patch {
    tree: Arc<Tree>,
    /// A mapping to merge, or a list of operations.
    root: NodeId,
    target: Option<Target>,
}

/// Which objects a patch is for. What is `None` may be anything.
#[derive(Clone, Default)]
pub(super) struct Target {
    group: Option<String>,
    version: Option<String>,
    kind: Option<String>,
    name: Option<String>,
    namespace: Option<String>,
    labels: Option<String>,
    annotations: Option<String>,
}

impl Builder<'_> {
    /// Applies the patches that stand under `keys`, in their order.
    pub(super) fn patch(&mut self, file: FileId, root: Node, keys: &[&str], items: &mut Vec<Item>) {
        let mut patches = Vec::new();
        for entry in keys.iter().filter_map(|key| root.get(key)).flat_map(Node::items) {
            if self.read_patch(file, entry, &mut patches).is_none() {
                self.incomplete.insert(file);
            }
        }
        for patch in &patches {
            items.retain_mut(|item| patch.apply(item));
        }
    }

    /// Reads an entry of `patches`, `patchesStrategicMerge` or `patchesJson6902`; `None` if it
    /// cannot be read.
    fn read_patch(&mut self, file: FileId, entry: Node, patches: &mut Vec<Patch>) -> Option<()> {
        let target = entry.get("target").map(Target::read);
        let (path, inline) = match entry.is_mapping() {
            true => (entry.get("path"), entry.get("patch")),
            // Of `patchesStrategicMerge` each is a path or the patch itself.
            false if read::plain(entry)?.contains('\n') => (None, Some(entry)),
            false => (Some(entry), None),
        };
        let tree = match (path, inline) {
            (Some(path), _) => {
                let path = self.path(file, read::plain(path)?)?;
                let Some(found) = self.files.find(&path).map(|file| file.id) else {
                    self.missed.insert(path);
                    return None;
                };
                self.source(found)
            }
            (None, Some(inline)) => {
                yaml::parse_within(self.files.get(inline.span().file), inline)?.tree
            }
            (None, None) => return None,
        };
        for document in tree.documents() {
            let root = document.root(&tree);
            let target = target.clone().or_else(|| Target::of_object(root));
            patches.push(Patch { tree: Arc::clone(&tree), root: root.id(), target });
        }
        Some(())
    }
}

impl Patch {
    /// Changes the object, if it is meant; `false` if that deletes it.
    fn apply(&self, item: &mut Item) -> bool {
        let tree = Arc::clone(&item.tree);
        let object = tree.node(item.found.root);
        if !self.target.as_ref().is_some_and(|target| target.matches(item)) {
            return true;
        }
        let patch = self.tree.node(self.root);
        let mut draft = Draft::Node(object);
        if patch.is_sequence() {
            for operation in patch.items() {
                if operate(&mut draft, operation).is_none() {
                    break;
                }
            }
        } else {
            if directive(patch) == Some("delete") {
                return false;
            }
            let group = object.get("apiVersion").and_then(read::plain).unwrap_or_default();
            let group = group.split_once('/').map_or("", |(group, _)| group);
            let is_known = !group.contains('.') || group.ends_with(".k8s.io");
            merge(&mut draft, patch, &[], is_known);
        }
        item.replace(&draft);
        true
    }
}

impl Target {
    pub(super) fn read(node: Node) -> Self {
        let of = |key| node.get(key).and_then(read::plain).map(str::to_owned);
        Self {
            group: of("group"),
            version: of("version"),
            kind: of("kind"),
            name: of("name"),
            namespace: of("namespace"),
            labels: of("labelSelector"),
            annotations: of("annotationSelector"),
        }
    }

    /// What a patch without a target is for: the object that it names itself.
    fn of_object(root: Node) -> Option<Self> {
        let name = root.at(&["metadata", "name"]).and_then(read::plain)?;
        let kind = root.get("kind").and_then(read::plain)?;
        Some(Self { kind: Some(kind.to_owned()), name: Some(name.to_owned()), ..Self::default() })
    }

    pub(super) fn matches(&self, item: &Item) -> bool {
        let object = item.tree.node(item.found.root);
        let is = |wanted: &Option<String>, own: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| own.is_some_and(|own| fits(wanted, own)))
        };
        let api_version = object.get("apiVersion").and_then(read::plain).unwrap_or_default();
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let of_metadata = |key| object.at(&["metadata", key]);
        let own = || of_metadata("namespace").and_then(read::plain).unwrap_or("default");
        let namespace = item.namespace.as_ref().map_or_else(own, |namespace| &namespace.value);
        // Whoever is called otherwise by now also goes by its first name.
        let name = of_metadata("name").and_then(read::plain);
        let (prefix, suffix) = &item.affixes;
        let renamed = name.map(|name| format!("{prefix}{name}{suffix}"));
        let names = [name, item.name.as_deref(), renamed.as_deref()];
        let selected = |wanted: &Option<String>, key| {
            wanted.as_deref().is_none_or(|selector| selects(selector, of_metadata(key)))
        };
        is(&self.group, Some(group))
            && is(&self.version, Some(version))
            && is(&self.kind, object.get("kind").and_then(read::plain))
            && names.into_iter().any(|name| is(&self.name, name))
            && is(&self.namespace, Some(namespace))
            && selected(&self.labels, "labels")
            && selected(&self.annotations, "annotations")
    }
}

/// Whether labels fulfil a selector: `a=b,c!=d,e in (f, g),h notin (i),j,!k`.
fn selects(selector: &str, labels: Option<Node>) -> bool {
    let own = |key: &str| labels?.get(key.trim()).and_then(read::plain);
    let mut depth = 0;
    let mut terms = selector.split(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    terms.all(|term| {
        let among = |(key, values): (&str, &str)| {
            let mut values = values.trim_matches(['(', ')', ' ']).split(',').map(str::trim);
            own(key).is_some_and(|own| values.any(|value| value == own))
        };
        if let Some(term) = term.split_once(" notin ") {
            !among(term)
        } else if let Some(term) = term.split_once(" in ") {
            among(term)
        } else if let Some((key, value)) = term.split_once("!=") {
            own(key) != Some(value.trim())
        } else if let Some((key, value)) = term.split_once('=') {
            own(key) == Some(value.trim_start_matches('=').trim())
        } else if let Some(key) = term.trim().strip_prefix('!') {
            own(key).is_none()
        } else {
            own(term).is_some()
        }
    })
}

/// Whether a target's pattern, of which only `.*` and `|` are known, fits the whole of `text`.
fn fits(pattern: &str, text: &str) -> bool {
    pattern.trim_matches(['^', '$', '(', ')']).split('|').any(|pattern| {
        let mut parts = pattern.split(".*");
        let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
            return false;
        };
        let mut last = None;
        for part in parts {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
            last = Some(part);
        }
        rest.is_empty() || last.is_some_and(|part| part.is_empty() || text.ends_with(part))
    })
}

/// `$patch: delete` and its like.
fn directive(node: Node<'_>) -> Option<&str> {
    node.get("$patch").and_then(read::plain)
}

/// What a patch adds, without what it says to whoever merges it.
fn added(patch: Node) -> Draft {
    let is_kept = |draft: &Draft| matches!(draft, Draft::Node(_));
    if patch.is_sequence() {
        let said = patch.items().filter(|item| directive(*item).is_none());
        let items: Vec<Draft> = said.map(added).collect();
        let is_plain = items.len() == patch.items().count() && items.iter().all(is_kept);
        return if is_plain { Draft::Node(patch) } else { Draft::Sequence(patch, items) };
    }
    let entries = patch.entries();
    let all = entries.len();
    let is_said = |entry: &Entry| read::plain(entry.key).is_none_or(|key| !key.starts_with('$'));
    let said = entries.into_iter().filter(is_said);
    let entries: Vec<(Draft, Draft)> =
        said.map(|entry| (Draft::Node(entry.key), added(entry.value))).collect();
    let is_plain = entries.len() == all && entries.iter().all(|(_, value)| is_kept(value));
    if is_plain { Draft::Node(patch) } else { Draft::Mapping(patch, entries) }
}

/// By which field items of a list are told apart, by the names of the list and of what holds it;
/// other lists are replaced as a whole.
/// https://github.com/kubernetes/kubernetes/tree/master/api/openapi-spec `x-kubernetes-patch-merge-key`
fn merge_key(path: &[&str]) -> Option<&'static str> {
    Some(match path {
        [.., "containers" | "initContainers" | "ephemeralContainers" | "volumes" | "env"] => "name",
        [.., "imagePullSecrets" | "secrets"] => "name",
        [.., "volumeMounts"] => "mountPath",
        [.., "volumeDevices"] => "devicePath",
        [.., "hostAliases"] => "ip",
        [.., "topologySpreadConstraints"] => "topologyKey",
        [.., "containers" | "initContainers" | "ephemeralContainers", "ports"] => "containerPort",
        ["spec", "ports"] => "port",
        _ => return None,
    })
}

/// Merges a patch into what stands at `path`. Lists are merged by key only in kinds whose schema
/// `is_known`.
fn merge<'t>(target: &mut Draft<'t>, patch: Node<'t>, path: &[&'t str], is_known: bool) {
    // What only says the same again, a container's name for one, stays where it is written first.
    if patch.is_scalar() && read::plain(patch).is_some_and(|text| target.is(text)) {
        return;
    }
    let is_replaced = !patch.is_mapping() || directive(patch) == Some("replace");
    let Some(entries) = target.entries().filter(|_| !is_replaced) else {
        *target = added(patch);
        return;
    };
    for Entry { key, value } in patch.entries() {
        let Some(name) = read::plain(key).filter(|name| !name.starts_with('$')) else { continue };
        let place = entries.iter().position(|(own, _)| own.is(name));
        let path = [path, &[name]].concat();
        match place {
            // A patch for a target may say any name; the object keeps its own.
            Some(_) if path == ["kind"] || path == ["metadata", "name"] => {}
            Some(place) if value.is_null() => drop(entries.remove(place)),
            Some(place) if directive(value) == Some("delete") => drop(entries.remove(place)),
            Some(place) => {
                let own = &mut entries[place].1;
                match merge_key(&path).filter(|_| is_known && value.is_sequence()) {
                    Some(by) => merge_list(own, value, by, &path, is_known),
                    None => merge(own, value, &path, is_known),
                }
            }
            None if value.is_null() || directive(value) == Some("delete") => {}
            None => entries.push((Draft::Node(key), added(value))),
        }
    }
}

fn merge_list<'t>(
    target: &mut Draft<'t>,
    patch: Node<'t>,
    by: &str,
    path: &[&'t str],
    is_known: bool,
) {
    let Some(items) = target.items() else {
        *target = added(patch);
        return;
    };
    if patch.items().any(|item| directive(item) == Some("replace")) {
        items.clear();
    }
    let mut new = Vec::new();
    for item in patch.items() {
        // A port without a protocol is one of TCP, and the same number may serve both.
        let protocol = |draft: &mut Draft| {
            draft.get("protocol").and_then(|p| p.text()).unwrap_or_else(|| "TCP".to_owned())
        };
        let Some(key) = item.get(by).and_then(read::plain) else { continue };
        let own_protocol = protocol(&mut Draft::Node(item));
        let is_port = by == "containerPort" || by == "port";
        let place = items.iter_mut().position(|own| {
            own.get(by).is_some_and(|own| own.is(key))
                && (!is_port || protocol(own) == own_protocol)
        });
        match (place, directive(item)) {
            (Some(place), Some("delete")) => drop(items.remove(place)),
            (Some(place), _) => {
                let mut own = items.remove(place);
                merge(&mut own, item, path, is_known);
                new.push(own);
            }
            (None, Some("delete")) => {}
            (None, _) => new.push(added(item)),
        }
    }
    // What a patch names comes first, in its order.
    items.splice(0..0, new);
}

/// One operation of RFC 6902; `None` if it does not apply, which ends the patch.
fn operate<'t>(root: &mut Draft<'t>, operation: Node<'t>) -> Option<()> {
    let path_node = operation.get("path")?;
    let path = pointer(read::plain(path_node)?)?;
    let value = operation.get("value").map(Draft::Node);
    match read::plain(operation.get("op")?)? {
        "add" => add(root, &path, path_node, value?),
        "replace" => {
            *find(root, &path)? = value?;
            Some(())
        }
        "remove" => remove(root, &path).map(drop),
        "move" => {
            let from = pointer(read::plain(operation.get("from")?)?)?;
            let value = remove(root, &from)?;
            add(root, &path, path_node, value)
        }
        "copy" => {
            let from = pointer(read::plain(operation.get("from")?)?)?;
            let value = find(root, &from)?.clone();
            add(root, &path, path_node, value)
        }
        "test" => Some(()),
        _ => None,
    }
}

/// The steps of a JSON pointer.
fn pointer(path: &str) -> Option<Vec<String>> {
    if path.is_empty() {
        return Some(Vec::new());
    }
    let steps = path.strip_prefix('/')?.split('/');
    Some(steps.map(|step| step.replace("~1", "/").replace("~0", "~")).collect())
}

fn find<'d, 't>(root: &'d mut Draft<'t>, path: &[String]) -> Option<&'d mut Draft<'t>> {
    path.iter().try_fold(root, |draft, step| match step.parse::<usize>() {
        Ok(index) if draft.items().is_some() => draft.items()?.get_mut(index),
        _ => draft.get(step),
    })
}

fn add<'t>(
    root: &mut Draft<'t>,
    path: &[String],
    written: Node<'t>,
    value: Draft<'t>,
) -> Option<()> {
    let Some((last, holder)) = path.split_last() else {
        *root = value;
        return Some(());
    };
    let holder = find(root, holder)?;
    if let Some(items) = holder.items() {
        let at = if last == "-" { items.len() } else { last.parse().ok()? };
        (at <= items.len()).then(|| items.insert(at, value))
    } else if let Some(own) = holder.get(last) {
        *own = value;
        Some(())
    } else {
        let key = Draft::Scalar(written, vec![(last.clone(), written.content_span())]);
        holder.entries()?.push((key, value));
        Some(())
    }
}

fn remove<'t>(root: &mut Draft<'t>, path: &[String]) -> Option<Draft<'t>> {
    let (last, holder) = path.split_last()?;
    let holder = find(root, holder)?;
    if let Some(items) = holder.items() {
        let at = last.parse::<usize>().ok().filter(|at| *at < items.len())?;
        return Some(items.remove(at));
    }
    let entries = holder.entries()?;
    let at = entries.iter().position(|(key, _)| key.is(last))?;
    Some(entries.remove(at).1)
}
