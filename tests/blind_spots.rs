//! What other linters were shown not to see, or to see wrongly, because of how they read: each a
//! pair of files with what is found in them, by rule and underlined text.

use plimsoll::config::Config;
use plimsoll::lint::lint;
use plimsoll::source::Files;

/// What these rules find in these files.
fn found(files: &[(&str, &str)], rules: &[&str]) -> Vec<(String, String)> {
    let mut all = Files::default();
    for (path, text) in files {
        all.add(path, *text);
    }
    let findings = lint(&all, &Config::default()).findings.into_iter();
    findings
        .filter(|finding| rules.contains(&finding.rule))
        .map(|finding| (finding.rule.to_owned(), all.text_at(finding.span).to_owned()))
        .collect()
}

#[track_caller]
fn finds(files: &[(&str, &str)], rules: &[&str], expected: &[(&str, &str)]) {
    let found = found(files, rules);
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_default_is_what_is_used() {
    let text = "services:\n  web:\n    image: app:${TAG:-latest}\n    ports:\n      \
        - \"${BIND:-127.0.0.1}:5432:5432\"\n";
    finds(&[("compose.yaml", text)], &["latest-tag", "unbound-port"], &[("latest-tag", "latest")]);
}

#[test]
fn ports_of_other_addresses_and_other_profiles_are_others() {
    let text = "services:\n  a:\n    image: a:1\n    profiles: [one]\n    ports: \
        ['127.0.0.1:80:80', '10.0.0.5:80:80', '8080', '8080', '90:90']\n  b:\n    image: b:1\n    \
        profiles: [two]\n    ports: ['90:90']\n";
    finds(&[("compose.yaml", text)], &["duplicate-published-port"], &[]);
}

#[test]
fn what_is_merged_is_there() {
    let text = "x-base: &base\n  image: nginx:latest\n  container_name: web\n  ports: \
        ['80:80']\nservices:\n  a:\n    <<: *base\n  b:\n    <<: *base\n";
    let rules = ["latest-tag", "duplicate-container-name", "duplicate-published-port"];
    let rules_of: Vec<String> =
        found(&[("compose.yaml", text)], &rules).into_iter().map(|(rule, _)| rule).collect();
    for rule in rules {
        assert!(rules_of.iter().any(|found| found == rule), "{rule} in {rules_of:?}");
    }
}

#[test]
fn custom_resources_that_hold_pods_are_workloads() {
    let spec = "      hostNetwork: true\n      containers:\n        - name: c\n          \
        image: app:latest\n          securityContext: {privileged: true}\n";
    for kind in [
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout",
        "apiVersion: serving.knative.dev/v1\nkind: Service",
    ] {
        let text = format!("{kind}\nmetadata: {{name: w}}\nspec:\n  template:\n    spec:\n{spec}");
        let expected = [("latest-tag", "latest"), ("privileged-container", "true")];
        finds(&[("a.yaml", &text)], &["latest-tag", "privileged-container"], &expected);
    }
}

const PRIVILEGED: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    \
    - name: c\n      image: app:1.2.3\n      securityContext: {privileged: true}\n";

#[test]
fn another_document_silences_nothing() {
    for other in [
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '{{ .Values.foo }}'}\n",
        "apiVersion: v1\nkind: ConfigMap\ndata: {a: {{ .Values.foo }}}\n",
        "kind: [broken\n  a: \"b\n",
    ] {
        let text = format!("{PRIVILEGED}---\n{other}");
        finds(&[("a.yaml", &text)], &["privileged-container"], &[("privileged-container", "true")]);
        let text = format!("{other}---\n{PRIVILEGED}");
        finds(&[("a.yaml", &text)], &["privileged-container"], &[("privileged-container", "true")]);
    }
}

#[test]
fn an_object_without_a_name_of_its_own_is_one() {
    let text = PRIVILEGED.replace("{name: p}", "{generateName: p-}");
    finds(&[("a.yaml", &text)], &["privileged-container"], &[("privileged-container", "true")]);
}

#[test]
fn typed_lists_are_opened() {
    let pod = PRIVILEGED.replace('\n', "\n    ");
    for kind in ["List", "PodList"] {
        let text = format!("apiVersion: v1\nkind: {kind}\nitems:\n  - {}", pod.trim_end());
        finds(&[("a.yaml", &text)], &["privileged-container"], &[("privileged-container", "true")]);
    }
}

#[test]
fn a_container_decides_for_itself_who_it_runs_as() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  securityContext: \
        {runAsNonRoot: true, runAsUser: 1000}\n  initContainers:\n    - name: i\n      image: \
        app:1.2.3\n      securityContext: {runAsUser: 0, runAsNonRoot: false}\n  containers:\n    \
        - name: c\n      image: app:1.2.3\n";
    finds(&[("a.yaml", text)], &["root-user"], &[("root-user", "0")]);
}

#[test]
fn a_kustomization_gives_the_namespace() {
    let base = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\napiVersion: v1\nkind: \
        Pod\nmetadata: {name: p, namespace: prod}\nspec:\n  containers:\n    - name: c\n      \
        image: nginx:latest\n      envFrom:\n        - configMapRef: {name: c}\n        \
        - configMapRef: {name: gone}\n";
    let files = [
        ("base/all.yaml", base),
        ("base/kustomization.yaml", "resources: [all.yaml]\n"),
        ("prod/kustomization.yaml", "namespace: prod\nresources: [../base]\n"),
    ];
    // Once, and not for the base again.
    let expected = [("latest-tag", "latest"), ("missing-config", "gone")];
    finds(&files, &["latest-tag", "missing-config"], &expected);
}

#[test]
fn what_lies_in_another_directory_may_be_what_is_meant() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {app: a}, \
        ports: [{port: 80}]}\n";
    finds(
        &[("svc/s.yaml", service), ("pods/p.yaml", PRIVILEGED)],
        &["service-selects-nothing"],
        &[],
    );
}

/// Every form in which Compose gives the host away, and a password.
#[test]
fn all_that_compose_gives_away_is_told() {
    let text = "services:\n  web:\n    image: app:1.2.3\n    privileged: true\n    user: root\n    \
        network_mode: host\n    pid: host\n    ipc: host\n    userns_mode: host\n    cgroup: \
        host\n    uts: host\n    cap_add: [ALL, CAP_SYS_MODULE]\n    use_api_socket: true\n    \
        devices: [/dev/mem]\n    environment: [DB_PASSWORD=hunter2hunter2]\n    volumes: \
        ['/run/docker.sock:/s:ro', '/:/host']\n  db:\n    image: app:1.2.3\n    security_opt: \
        [seccomp=unconfined, 'apparmor:unconfined', 'label:disable', 'systempaths=unconfined']\n";
    let rules = [
        "privileged-container",
        "root-user",
        "host-namespace",
        "dangerous-capability",
        "runtime-socket",
        "sensitive-host-path",
        "secret-in-environment",
        "unconfined-container",
    ];
    let expected = [
        ("privileged-container", "true"),
        ("root-user", "root"),
        ("host-namespace", "host"),
        ("host-namespace", "host"),
        ("host-namespace", "host"),
        ("host-namespace", "host"),
        ("host-namespace", "host"),
        ("host-namespace", "host"),
        ("dangerous-capability", "ALL"),
        ("dangerous-capability", "CAP_SYS_MODULE"),
        ("runtime-socket", "true"),
        ("sensitive-host-path", "/dev/mem"),
        ("secret-in-environment", "hunter2hunter2"),
        ("runtime-socket", "/run/docker.sock:/s:ro"),
        ("sensitive-host-path", "/:/host"),
        ("root-user", "db"),
        ("unconfined-container", "seccomp=unconfined"),
        ("unconfined-container", "apparmor:unconfined"),
        ("unconfined-container", "label:disable"),
        ("unconfined-container", "systempaths=unconfined"),
    ];
    finds(&[("compose.yaml", text)], &rules, &expected);
}

#[test]
fn a_reference_to_a_secret_is_none_and_a_literal_is_one() {
    let pod = PRIVILEGED.replace(
        "      securityContext: {privileged: true}\n",
        "      env: [{name: A_PASSWORD, value: hunter2hunter2}, {name: B_PASSWORD, valueFrom: \
         {secretKeyRef: {name: s, key: k}}}, {name: MAX_TOKENS, value: '4096'}, {name: GPG_KEY, \
         value: E3FF2839C048B25C084DEBE9B26995E310250568}, {name: SECRET_KEY_FILE, value: \
         /run/secrets/k}, {name: TOKENIZERS_PARALLELISM, value: 'false'}, {name: C_PASSWORD, \
         value: $(A_PASSWORD)}]\n",
    );
    let rules = ["secret-in-environment", "default-credentials", "leaked-credential"];
    finds(&[("a.yaml", &pod)], &rules, &[("secret-in-environment", "hunter2hunter2")]);
}
