//! Reading again after an edit: the objects of documents that say the same keep what was read of
//! them, and only move.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::syntax::yaml::Tree;

use super::Known;
use super::object::{Manifest, Unit};

/// What is kept of a file's objects, and what is read.
pub(super) struct Again {
    kept: Vec<Manifest>,
    /// Which of them those that are read come before.
    at: usize,
    /// The documents to read.
    pub documents: Range<usize>,
}

impl Again {
    /// Everything is read.
    pub fn whole(tree: &Tree) -> Self {
        Self { kept: Vec::new(), at: 0, documents: 0..tree.documents().len() }
    }

    /// All objects then, with those that were read.
    pub fn with(mut self, read: Vec<Manifest>) -> Vec<Manifest> {
        self.kept.splice(self.at..self.at, read);
        self.kept
    }
}

impl Known {
    /// Keeps what says the same in a later tree of its file, unless somebody else has a part in it.
    pub fn again(self, tree: &Arc<Tree>, unit: Unit) -> Option<Again> {
        let Self { document, piece } = self;
        let before = document.yaml()?;
        let common = tree.common(before);
        let mut objects = Arc::into_inner(piece)?.objects;
        let is_same = |object: &Manifest| object.unit == unit && object.is_of(before);
        let Some(common) = common.filter(|_| objects.iter().all(is_same)) else {
            // To take them apart takes time, and nobody has to wait for it.
            rayon::spawn(move || drop(objects));
            return None;
        };
        let (now, was) = (tree.documents().len(), before.documents().len());
        // The first object of a document, or behind it.
        let first = |document: usize| match before.documents().nth(document) {
            Some(document) => {
                let root = document.root(before).id();
                objects.partition_point(|object| object.root().id() < root)
            }
            None => objects.len(),
        };
        let changed = first(common.ahead)..first(was - common.behind);
        let at = changed.start;
        objects.drain(changed);
        let (ahead, behind) = objects.split_at_mut(at);
        ahead.iter_mut().for_each(|object| object.stay(tree));
        let behind = behind.par_iter_mut().with_min_len(64);
        behind.for_each(|object| object.shift(tree, common.distance));
        Some(Again { kept: objects, at, documents: common.ahead..now - common.behind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cache, Workspace};
    use crate::source::{FileId, Files};
    use crate::syntax::yaml;

    const OBJECTS: &str = "# all\n%YAML 1.2\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n--- # two\n\
        apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: \"w\\u0065b\"\n  namespace: a\n  labels: {a: b}\n\
        spec:\n  replicas: 1\n  strategy: {type: Recreate}\n  selector:\n    matchLabels: {app: web}\n    \
        matchExpressions:\n    - {key: b, operator: In, values: [c]}\n  template:\n    metadata:\n      labels: {app: web}\n      \
        annotations:\n        container.apparmor.security.beta.kubernetes.io/web: unconfined\n    spec:\n      hostPID: true\n      \
        restartPolicy: Always\n      serviceAccountName: sa\n      terminationGracePeriodSeconds: 5\n      \
        os: {name: linux}\n      securityContext: {runAsUser: 0, fsGroup: 1, seccompProfile: {type: Unconfined}}\n      \
        imagePullSecrets: [{name: pull}]\n      volumes:\n      - name: h\n        hostPath: {path: /h}\n      \
        - {name: e, emptyDir: {medium: Memory, sizeLimit: 1Gi}}\n      - name: p\n        persistentVolumeClaim: {claimName: p}\n      \
        - {name: c, configMap: {name: c, items: [{key: k, path: k}]}}\n      - {name: o, nfs: {server: s}}\n      containers:\n      \
        - name: web\n        image: a/b:1 # one\n        command: [\"a\\tb\", b]\n        args:\n        - |\n          text\n        \
        - >-\n          one\n          two\n        env:\n        - {name: PASSWORD, value: 'it''s'}\n        - name: T\n          \
        valueFrom:\n            secretKeyRef: {name: s, key: k}\n        ports: [{name: http, containerPort: 80, hostPort: 8}]\n        \
        resources:\n          limits: {memory: 1Gi, cpu: 1}\n        stdin: true\n        volumeMounts: [{name: h, mountPath: /h}]\n        \
        lifecycle: {stopSignal: SIGINT, preStop: {exec: {command: [sleep, \"3\"]}}}\n        livenessProbe:\n          \
        exec: {command: [x]}\n          periodSeconds: 3\n        readinessProbe:\n          httpGet: {path: /, port: http}\n        \
        startupProbe: {grpc: {port: 3}}\n        securityContext:\n          privileged: yes\n          capabilities: {add: [ALL], drop: [X]}\n      \
        initContainers: [{name: i, image: x, replica: 1}]\n---\n---\napiVersion: v1\nkind: ServiceList\nitems:\n\
        - metadata: {name: l}\n  spec: {selector: {app: web}}\n- apiVersion: v1\n  kind: List\n  items:\n  - apiVersion: v1\n    \
        kind: Pod\n    metadata: {name: p}\n    spec: {containers: [{name: c, image: i}]}\n---\n- a\n---\napiVersion: policy/v1\n\
        kind: PodDisruptionBudget\nmetadata:\n  name: !!str x\n  generateName: y\nspec:\n  selector: {matchLabels: {app: web}}\n\
        ...\n---\napiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: w-}\nspec:\n  templates:\n  \
        - name: t\n    container: {image: x, command: [y]}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: z}\n\
        spec: {serviceName: l, template: {spec: {containers: [{image: 3}]}}}\n";

    struct Editor {
        files: Files,
        file: FileId,
        cache: Cache,
    }

    impl Editor {
        fn open(path: &str, text: &str) -> Self {
            let mut files = Files::default();
            let file = files.add(path, text.to_owned());
            let mut cache = Cache::default();
            cache.read(&files);
            Self { files, file, cache }
        }

        /// What it then shows is what it would show if it had just been opened.
        fn becomes(&mut self, text: &str) {
            let before = self.files.get(self.file).text.clone();
            self.files.replace(self.file, text.to_owned());
            let again = shown(&self.cache.read(&self.files));
            let whole = shown(&Cache::default().read(&self.files));
            assert!(again == whole, "{before}\n---- became\n{text}\n----\n{again}\n{whole}");
        }
    }

    /// All that is said of the objects, once for all of them what their tree says.
    fn shown(workspace: &Workspace) -> String {
        let tree = workspace.documents.first().and_then(|document| document.yaml());
        let mut files = Files::default();
        let file = files.add("a.yaml", String::new());
        let nothing = yaml::parse(files.get(file)).tree;
        let object = |object: &Manifest| {
            let is_of_file = tree.is_some_and(|tree| object.is_of(tree));
            let mut object = object.clone();
            if is_of_file {
                object.stay(&nothing);
            }
            format!("{object:#?}\n")
        };
        let cluster: Vec<_> = workspace.parts.iter().flat_map(|it| it.cluster.pieces()).collect();
        let incomplete: Vec<_> =
            cluster.iter().map(|piece| (piece.incomplete, &piece.ties)).collect();
        let objects: String = workspace.objects().map(object).collect();
        format!("{objects} {incomplete:?} {:?}", workspace.containers)
    }

    #[test]
    fn objects_after_an_edit_are_as_if_read_for_the_first_time() {
        let snippets = [
            "#",
            " ",
            "\n",
            "x",
            ":",
            "---\n",
            "\n---\n",
            "a: b\n",
            "- ",
            "\"",
            "{{ x }}",
            "&a ",
            "*a",
            "${V}",
            "...\n",
            "é",
            "kind: Pod\n",
            "\nitems: []\n",
            "!t ",
            "  <<: {a: b}\n",
        ];
        let mut snippets = snippets.iter().cycle();
        let mut editor = Editor::open("a.yaml", OBJECTS);
        for at in (0..OBJECTS.len()).step_by(19).filter(|at| OBJECTS.is_char_boundary(*at)) {
            let snippet = snippets.next().unwrap_or(&"");
            editor.becomes(&format!("{}{snippet}{}", &OBJECTS[..at], &OBJECTS[at..]));
            let end = (at + 1 + at % 37).min(OBJECTS.len());
            editor.becomes(&format!("{}{}", &OBJECTS[..at], &OBJECTS[end..]));
            if at % 2 == 0 {
                editor.becomes(OBJECTS);
            }
        }
    }

    #[test]
    fn patches_and_templates_are_as_if_read_for_the_first_time() {
        for path in ["patches/web.yaml", "charts/a/templates/web.yaml", "list.json"] {
            let mut editor = Editor::open(path, OBJECTS);
            for at in (0..OBJECTS.len()).step_by(211) {
                editor.becomes(&format!("{}# {{{{ x }}}}\n{}", &OBJECTS[..at], &OBJECTS[at..]));
                editor.becomes(&format!("{}\n{}", &OBJECTS[..at], &OBJECTS[at..]));
            }
        }
    }

    #[test]
    fn only_what_an_edit_concerns_is_read_again() {
        let pod = |name: &str| {
            format!(
                "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers:\n  \
                 - {{name: a, image: b}}\n"
            )
        };
        let text = ["a", "b", "c", "d"].map(pod).concat();
        let words = |workspace: &Workspace| -> Vec<_> {
            workspace.objects().map(|it| it.workloads[0].pod.containers.as_ptr()).collect()
        };
        let mut editor = Editor::open("a.yaml", &text);
        let before = words(&editor.cache.read(&editor.files));
        editor.files.replace(editor.file, text.replace("name: c", "name: longer"));
        let after = words(&editor.cache.read(&editor.files));
        let is_kept: Vec<bool> = before.iter().map(|it| after.contains(it)).collect();
        assert_eq!(is_kept[..2], [true, true]);
        assert!(is_kept[3]);
    }
}
