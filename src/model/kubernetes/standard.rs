//! Pods held against the Pod Security Standards, which a label of their namespace can enforce.

use crate::knowledge::kubernetes::{RESTRICTED_VOLUMES, is_baseline_capability};
use crate::source::Span;

use super::super::container::Guard;
use super::super::setting::Setting;
use super::object::Manifest;
use super::pod::{Pod, PodContainer, VolumeSource};

/// How strict a namespace is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standard {
    Privileged,
    Baseline,
    Restricted,
}

/// What a standard refuses of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The value at fault, or the name of the container that lacks one.
    pub span: Span,
    pub what: String,
}

const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

impl Manifest {
    /// The standard that a Namespace enforces; `Absent` if it says nothing.
    pub fn enforced_standard(&self) -> Setting<Standard> {
        let Some(label) = self.labels.get(ENFORCE) else {
            return match self.labels.is_open() {
                true => Setting::Unresolved(self.blame()),
                false => Setting::Absent,
            };
        };
        let standard = match label.value.get().map(|value| value.value.as_str()) {
            Some("privileged") => Standard::Privileged,
            Some("baseline") => Standard::Baseline,
            Some("restricted") => Standard::Restricted,
            _ => return Setting::Unresolved(label.key.span),
        };
        Setting::set(standard, label.value.span().unwrap_or(label.key.span))
    }
}

impl Pod {
    /// What a standard surely refuses of it, in the order of the text.
    pub fn violations(&self, standard: Standard) -> Vec<Violation> {
        let mut found = Found(Vec::new());
        if standard >= Standard::Baseline {
            self.baseline(&mut found);
        }
        // With users of its own a pod may be root within; what a Windows container may differs.
        if standard == Standard::Restricted && !self.host_users.is_false() && !self.is_windows {
            self.restricted(&mut found);
        }
        found.0.sort_by_key(|violation| violation.span);
        found.0
    }

    fn baseline(&self, found: &mut Found) {
        let shared = [
            ("hostNetwork", &self.host_network),
            ("hostPID", &self.host_process),
            ("hostIPC", &self.host_ipc),
        ];
        for (name, setting) in shared {
            found.is_true(setting, &format!("`{name}`"));
        }
        for volume in &self.volumes {
            if let VolumeSource::HostPath { .. } = volume.source {
                found.add(volume.span, "a `hostPath` volume");
            }
        }
        for container in &self.containers {
            let view = &container.view;
            found.is_true(&view.privileged, "`privileged`");
            for guard in &view.unguarded {
                let what = match guard.value {
                    Guard::SystemCalls => "an unconfined `seccompProfile`",
                    Guard::AppArmor => "an unconfined `appArmorProfile`",
                    Guard::Selinux => "`seLinuxOptions` of its own",
                    Guard::Proc => "an unmasked `procMount`",
                };
                found.add(guard.span, what);
            }
            for added in &view.capabilities.add {
                if !is_baseline_capability(&added.value) {
                    found.add(added.span, &format!("the capability `{}`", added.value));
                }
            }
            for port in &container.ports {
                found.is(&port.host_port, |number| *number != 0, "a `hostPort`");
            }
        }
    }

    fn restricted(&self, found: &mut Found) {
        for volume in &self.volumes {
            if let VolumeSource::Other(kind) = &volume.source
                && !RESTRICTED_VOLUMES.contains(&kind.value.as_str())
            {
                found.add(kind.span, &format!("a `{}` volume", kind.value));
            }
        }
        for container in &self.containers {
            restricted(container, found);
        }
    }
}

fn restricted(container: &PodContainer, found: &mut Found) {
    let view = &container.view;
    let lacking = "no `allowPrivilegeEscalation: false`";
    found.is_not_so(&view.privilege_escalation, false, view.name.span, lacking);
    found.is_not_so(&view.non_root, true, view.name.span, "no `runAsNonRoot: true`");
    found.is(&view.user.clone(), |user| user.name == "0", "`runAsUser: 0`");
    if container.security.seccomp.is_absent() {
        found.add(view.name.span, "no `seccompProfile`");
    }
    let drops_all = &view.capabilities.drops_all;
    if drops_all.is_absent() || drops_all.is_false() {
        found.add(view.name.span, "no `capabilities: {drop: [ALL]}`");
    }
    for added in &view.capabilities.add {
        if added.value != "NET_BIND_SERVICE" && is_baseline_capability(&added.value) {
            found.add(added.span, &format!("the capability `{}`", added.value));
        }
    }
}

struct Found(Vec<Violation>);

impl Found {
    fn add(&mut self, span: Span, what: &str) {
        self.0.push(Violation { span, what: what.to_owned() });
    }

    fn is<T>(&mut self, setting: &Setting<T>, wrong: impl Fn(&T) -> bool, what: &str) {
        if let Some(value) = setting.get().filter(|value| wrong(&value.value)) {
            self.add(value.span, what);
        }
    }

    fn is_true(&mut self, setting: &Setting<bool>, what: &str) {
        self.is(setting, |value| *value, what);
    }

    /// Without the value that is asked for, `place` lacks it.
    fn is_not_so(&mut self, setting: &Setting<bool>, asked: bool, place: Span, what: &str) {
        match setting {
            Setting::Absent => self.add(place, what),
            Setting::Set(value) if value.value != asked => self.add(value.span, what),
            _ => {}
        }
    }
}
