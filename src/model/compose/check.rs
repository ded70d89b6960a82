//! Whether a project is consistent in itself: names that exist, settings that go together.

use core::net::IpAddr;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::quantity;
use crate::model::setting::Setting;
use crate::model::text::{HOLE, Text};
use crate::source::{Span, Spanned};

use super::service::{Build, Service};
use super::value::{Data, Value};
use super::volume::VolumeKind;
use super::{Compose, MANY, Problem, ProblemKind, Resource};

/// Adds what compose-go's checks of a merged project would refuse, service by service.
pub fn check(compose: &mut Compose) {
    let services = compose.services.clone();
    let sections = [
        ("network", &compose.networks),
        ("volume", &compose.volumes),
        ("secret", &compose.secrets),
        ("config", &compose.configs),
    ];
    let resources = sections.iter().flat_map(|(what, resources)| {
        resources.iter().map(move |resource| (*what, resource.name.value.as_str()))
    });
    let resources = resources.collect();
    let names = services.iter().map(|service| (service.name.value.as_str(), service)).collect();
    let check =
        || Check { resources: &resources, names: &names, compose: &*compose, problems: Vec::new() };
    let of_service = |service: &Arc<Service>| {
        let mut check = check();
        check.service(service);
        check.problems
    };
    let of_services = services.par_iter().with_min_len(MANY / 4).map(of_service);
    let of_services: Vec<Vec<Problem>> = of_services.collect();
    let mut check = check();
    check.problems = of_services.into_iter().flatten().collect();
    for resource in compose.volumes.iter().chain(&compose.networks) {
        check.external_name(resource);
    }
    for volume in &compose.volumes {
        check.external(volume);
    }
    for secret in &compose.secrets {
        check.external_name(secret);
        check.source(secret, "secret", &["file", "environment"]);
    }
    for config in &compose.configs {
        check.external_name(config);
        check.source(config, "config", &["file", "environment", "content"]);
    }
    check.cycles(&services);
    let mut problems = check.problems;
    compose.problems.append(&mut problems);
}

struct Check<'a> {
    compose: &'a Compose,
    names: &'a HashMap<&'a str, &'a Arc<Service>>,
    /// What networks, volumes, secrets and configs there are.
    resources: &'a HashSet<(&'static str, &'a str)>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn service(&mut self, service: &Service) {
        // Of an `image` without a value that is said.
        let has = |key: &str| {
            let value = service.at(&[key]);
            value.is_some_and(|value| {
                (key == "image" || !value.is_null()) && value.known() != Some("")
            })
        };
        if !has("image") && !has("build") && !has("provider") && !service.is_partial {
            let message =
                format!("service `{}` has neither an image nor a build", service.name.value);
            let problem = Problem::new(ProblemKind::NoImage, service.name.span, message);
            let problem = problem.help("add `image` or `build`");
            self.problems.push(problem.lacks("service", &service.name.value));
        }
        if let Some(build) = &service.build {
            self.build(service, build);
        }
        self.networks(service);
        self.dependencies(service);
        self.mounts(service);
        self.healthcheck(service);
        self.resources(service);
        self.devices(service);
        self.ports(service);
        self.watches(service);
        self.lists(service);
    }

    fn build(&mut self, service: &Service, build: &Build) {
        let at = |key: &str| build.value.get(key);
        if let (Some(file), Some(inline)) = (at("dockerfile"), at("dockerfile_inline")) {
            self.conflict(file, inline, "`dockerfile` and `dockerfile_inline` exclude each other");
        }
        for context in &build.additional_contexts {
            let Some(text) = &context.value else {
                let message = format!("`{}` names no context", context.name.value);
                let problem = Problem::new(ProblemKind::Value, context.name.span, message);
                self.problems.push(problem.help("write `name=path`"));
                continue;
            };
            let Some(name) = text.known().and_then(|text| text.strip_prefix("service:")) else {
                continue;
            };
            let span = text.span_of("service:".len()..text.value().len());
            let other = self.names.get(name).map(|other| other.build.is_some() || other.is_partial);
            match other {
                Some(true) => {}
                Some(false) => {
                    let message = format!("service `{name}` builds nothing to take as a context");
                    self.problems.push(Problem::new(ProblemKind::Reference, span, message).whole());
                }
                None => self.undefined(&Spanned::new(name, span), "service"),
            }
        }
        let platforms = at("platforms").map(Value::items).unwrap_or_default();
        if let Some(platform) = service.at(&["platform"])
            && let Some(name) = platform.known()
            && !platforms.is_empty()
            && platforms.iter().all(|one| one.known().is_some_and(|one| one != name))
        {
            let message = format!("`build.platforms` does not have the service's `{name}`");
            let problem = Problem::new(ProblemKind::Conflict, platform.span, message);
            self.problems.push(problem.also(platforms[0].span, "what is built"));
        }
        for key in &build.ssh {
            let is_list = at("ssh").is_some_and(|ssh| !ssh.items().is_empty());
            if is_list && key.value.is_none() && key.name.value != "default" {
                let message = format!("`{}` is neither `default` nor `id=path`", key.name.value);
                self.problems.push(Problem::new(ProblemKind::Value, key.name.span, message));
            }
        }
        for secret in &build.secrets {
            self.defined(&secret.source, "secret");
        }
    }

    fn networks(&mut self, service: &Service) {
        if let Some(mode) = service.at(&["network_mode"])
            && let Some(networks) = service.at(&["networks"])
            && !service.networks.is_empty()
            && mode.known().is_some_and(|mode| !mode.is_empty())
        {
            self.conflict(networks, mode, "`network_mode` and `networks` exclude each other");
        }
        for attachment in &service.networks {
            let name = attachment.network.as_ref().map(String::as_str);
            if name.value != "default" && !self.resources.contains(&("network", name.value)) {
                self.undefined(&name, "network");
            }
        }
    }

    fn dependencies(&mut self, service: &Service) {
        for dependency in &service.depends_on {
            let name = dependency.service.as_ref().map(String::as_str);
            let Some(other) = self.names.get(name.value) else {
                self.undefined(&name, "service");
                continue;
            };
            let needs_profile = !other.profiles().is_empty();
            if needs_profile && service.profiles().is_empty() && !dependency.required.is_false() {
                let message = format!(
                    "`{}` always runs, and `{}` only if one of its profiles is asked for",
                    service.name.value, name.value
                );
                let profiles = other.at(&["profiles"]).map_or(other.name.span, |value| value.span);
                let problem = Problem::new(ProblemKind::Conflict, name.span, message)
                    .also(profiles, "these profiles")
                    .help("say `required: false`, or give both the same profiles");
                self.problems.push(problem.whole());
            }
        }
        for name in &service.implied {
            let name = name.as_ref().map(String::as_str);
            if !self.names.contains_key(name.value) {
                self.undefined(&name, "service");
            }
        }
    }

    fn mounts(&mut self, service: &Service) {
        for volume in &service.volumes {
            if let Some(source) = &volume.source
                && volume.kind == VolumeKind::Volume
                && let Some(name) = source.known()
                && !name.is_empty()
                && !self.resources.contains(&("volume", name))
            {
                let problem = undefined(&Spanned::new(name, source.span()), "volume");
                self.problems.push(match name.contains('/') {
                    true => problem.help(format!("write `./{name}` for a path of the host")),
                    false => problem,
                });
            }
        }
        for item in service.at(&["volumes"]).map(Value::items).unwrap_or_default() {
            let Data::Map(_) = item.data else { continue };
            let lacks = |key: &str| item.get(key).is_none_or(|value| value.known() == Some(""));
            let missing = if item.get("target").is_none() {
                Some("this mount has no `target`")
            } else if item.get("type").and_then(Value::known) == Some("bind") && lacks("source") {
                Some("this bind mount has no `source`")
            } else {
                None
            };
            if let Some(message) = missing {
                self.problems.push(Problem::new(ProblemKind::Value, item.span, message).whole());
            }
        }
        // Of two volumes with one target Compose silently takes the later; with a tmpfs it fails.
        let mut targets: HashMap<String, (Span, bool)> = HashMap::new();
        for volume in &service.volumes {
            let Some(target) = volume.clean_target() else { continue };
            let is_tmpfs = volume.kind == VolumeKind::Tmpfs && volume.source.is_none();
            match targets.insert(target.clone(), (volume.span, is_tmpfs)) {
                Some((first, was_tmpfs)) if is_tmpfs != was_tmpfs => {
                    let message = format!("two mounts have the target `{target}`");
                    let problem = Problem::new(ProblemKind::Conflict, volume.span, message);
                    self.problems.push(problem.also(first, "the other one"));
                }
                _ => {}
            }
        }
        for secret in &service.secrets {
            self.defined(&secret.source, "secret");
        }
        for config in &service.configs {
            self.defined(&config.source, "config");
        }
        let models = self.compose.root.get("models").map(Value::entries).unwrap_or_default();
        if let Some(value) = service.at(&["models"]) {
            let short = value.items().iter().filter_map(|item| Some((item.known()?, item.span)));
            let long =
                value.entries().iter().map(|entry| (entry.key.value.as_str(), entry.key.span));
            for (name, span) in short.chain(long) {
                if !models.iter().any(|model| model.key.value == name) {
                    self.undefined(&Spanned::new(name, span), "model");
                }
            }
        }
    }

    fn healthcheck(&mut self, service: &Service) {
        let Some(test) = service.at(&["healthcheck", "test"]) else { return };
        if let Some(first) = test.items().first()
            && let Some(word) = first.known()
            && !matches!(word, "CMD" | "CMD-SHELL" | "NONE")
        {
            let message =
                format!("the test starts with `{word}`, not with `CMD`, `CMD-SHELL` or `NONE`");
            let problem = Problem::new(ProblemKind::Value, first.span, message);
            self.problems.push(problem.help("put `CMD` first, or make the test one string"));
        }
    }

    fn resources(&mut self, service: &Service) {
        let (scale, replicas) =
            (service.integer(&["scale"]), service.integer(&["deploy", "replicas"]));
        if let (Setting::Set(scale), Setting::Set(replicas)) = (&scale, &replicas)
            && scale.value != replicas.value
        {
            let message =
                format!("`scale` is {}, and `deploy.replicas` {}", scale.value, replicas.value);
            let problem = Problem::new(ProblemKind::Conflict, scale.span, message);
            self.problems.push(problem.also(replicas.span, "the other one"));
        }
        for count in [&scale, &replicas] {
            if let Setting::Set(count) = count
                && count.value < 0
            {
                let message = format!("{} containers cannot run", count.value);
                self.problems.push(Problem::new(ProblemKind::Value, count.span, message));
            }
        }
        if let Setting::Set(count) = service.replicas()
            && count.value > 1
            && let Some(name) = service.at(&["container_name"])
        {
            let message = format!("{} containers cannot all have one name", count.value);
            let problem = Problem::new(ProblemKind::Conflict, name.span, message);
            self.problems.push(problem.also(count.span, "so many are to run"));
        }
        for (key, path) in [
            ("cpus", ["deploy", "resources", "limits", "cpus"]),
            ("mem_limit", ["deploy", "resources", "limits", "memory"]),
            ("mem_reservation", ["deploy", "resources", "reservations", "memory"]),
            ("pids_limit", ["deploy", "resources", "limits", "pids"]),
        ] {
            self.limit(service, key, &path);
        }
    }

    /// The old way to set a limit has to say what the new one says.
    fn limit(&mut self, service: &Service, key: &str, path: &[&str]) {
        let amount = |text: &str| match key {
            "cpus" | "pids_limit" => text.parse::<f64>().ok(),
            _ => quantity::bytes(text).map(|bytes| bytes as f64),
        };
        let Setting::Set(old) = service.value.setting_at(&[key], amount) else { return };
        let Some(section) = service.at(&path[..path.len() - 1]) else { return };
        if old.value == 0.0 || section.is_null() {
            return;
        }
        let new = service.value.setting_at(path, amount);
        let span = match &new {
            Setting::Set(new) if new.value != old.value => new.span,
            Setting::Absent => section.span,
            _ => return,
        };
        let message = format!("`{key}` and `{}` differ", path.join("."));
        let problem = Problem::new(ProblemKind::Conflict, old.span, message);
        self.problems.push(problem.also(span, "the other one").help("set only the latter"));
    }

    fn devices(&mut self, service: &Service) {
        let reservations = ["deploy", "resources", "reservations", "devices"];
        for path in [&reservations[..], &["gpus"]] {
            for request in service.at(path).map(Value::items).unwrap_or_default() {
                if let (Some(count), Some(ids)) = (request.get("count"), request.get("device_ids"))
                {
                    self.conflict(ids, count, "`count` and `device_ids` exclude each other");
                }
            }
        }
        for device in service.at(&["devices"]).map(Value::items).unwrap_or_default() {
            let parts = device.known().map_or(0, |text| text.split(':').count());
            if parts > 3 {
                let message = "a device has at most three parts: `source:target:permissions`";
                self.problems.push(Problem::new(ProblemKind::Value, device.span, message));
            }
        }
    }

    /// What only the long syntax of `ports` can get wrong.
    fn ports(&mut self, service: &Service) {
        for item in service.at(&["ports"]).map(Value::items).unwrap_or_default() {
            let Data::Map(_) = item.data else { continue };
            if item.get("target").is_none() {
                let message = "this port has no `target`";
                self.problems.push(Problem::new(ProblemKind::Value, item.span, message).whole());
            }
            if let Some(host) = item.get("host_ip")
                && let Some(address) = host.known()
                && address.parse::<IpAddr>().is_err()
            {
                let message = format!("`{address}` is not an IP address");
                self.problems.push(Problem::new(ProblemKind::Value, host.span, message));
            }
        }
    }

    fn watches(&mut self, service: &Service) {
        for watch in service.at(&["develop", "watch"]).map(Value::items).unwrap_or_default() {
            let action = watch.get("action").and_then(Value::known);
            let target = watch.get("target").and_then(Value::text);
            if let Some(path) = watch.get("path")
                && path.known() == Some("")
            {
                let message = "this path is empty";
                self.problems.push(Problem::new(ProblemKind::Value, path.span, message));
            }
            if target.is_none_or(|target| target.value().is_empty())
                && action.is_some_and(|action| action.starts_with("sync"))
            {
                let message = "this watch has no `target` to sync to";
                self.problems.push(Problem::new(ProblemKind::Value, watch.span, message).whole());
            }
        }
    }

    fn lists(&mut self, service: &Service) {
        for item in service.at(&["environment"]).map(Value::items).unwrap_or_default() {
            let Some(text) = item.text() else { continue };
            let end = text.value().find('=').unwrap_or(text.value().len());
            let name = &text.value()[..end];
            if name.ends_with([' ', '\t']) {
                let message = format!("the variable `{}` has a blank at its end", name.trim_end());
                let problem = Problem::new(ProblemKind::Value, text.span_of(0..end), message);
                self.problems.push(problem.help("drop the blank before `=`"));
            }
        }
        for hosts in [&["extra_hosts"][..], &["build", "extra_hosts"]] {
            for item in service.at(hosts).map(Value::items).unwrap_or_default() {
                let Some(text) = item.known() else { continue };
                let message = match text.split_once('=').or_else(|| text.split_once(':')) {
                    None => format!("`{text}` gives its host no address"),
                    Some((host, _)) if host.is_empty() || host.contains(':') => {
                        format!("`{host}` is not the name of a host")
                    }
                    Some(_) => continue,
                };
                let problem = Problem::new(ProblemKind::Value, item.span, message);
                self.problems.push(problem.help("write `host=address`"));
            }
        }
    }

    /// A volume that Compose does not make cannot be described here.
    fn external(&mut self, volume: &Resource) {
        if !volume.external.is_true() {
            return;
        }
        for entry in volume.value.entries() {
            let key = entry.key.value.as_str();
            if !matches!(key, "name" | "external") && !key.starts_with("x-") {
                let message = format!("an external volume cannot have `{key}`");
                let problem = Problem::new(ProblemKind::Conflict, entry.key.span, message);
                let external = volume.external.span().unwrap_or(entry.key.span);
                self.problems.push(problem.also(external, "it is external"));
            }
        }
    }

    fn external_name(&mut self, resource: &Resource) {
        let (old, new) = (resource.value.at(&["external", "name"]), resource.value.get("name"));
        if let (Some(old), Some(new)) = (old, new)
            && old.known().is_some_and(|old| new.known().is_some_and(|new| old != new))
        {
            self.conflict(old, new, "`external.name` and `name` differ");
        }
    }

    /// A secret or a config comes from exactly one place.
    fn source(&mut self, resource: &Resource, what: &str, keys: &[&str]) {
        let given: Vec<&Value> = keys.iter().filter_map(|key| resource.value.get(key)).collect();
        if let [first, second, ..] = given.as_slice() {
            let message = format!("a {what} has only one of `{}`", keys.join("`, `"));
            self.conflict(second, first, &message);
        }
        let is_external = match what {
            "secret" => resource.external.is_true() || resource.external.is_unresolved(),
            _ => !resource.external.is_absent(),
        };
        if given.is_empty() && !is_external && !resource.value.is_null() {
            let message =
                format!("{what} `{}` has none of `{}`", resource.name.value, keys.join("`, `"));
            let problem = Problem::new(ProblemKind::Value, resource.name.span, message);
            let help = "say where it comes from, or `external: true`";
            self.problems.push(problem.help(help).whole());
        }
    }

    /// Walks what starts before what, and names each circle once.
    fn cycles(&mut self, services: &[Arc<Service>]) {
        let mut done: HashSet<&str> = HashSet::new();
        for start in services {
            if done.contains(start.name.value.as_str()) {
                continue;
            }
            // The way from `start`, and how many of each service's needs were followed.
            let mut way: Vec<(&Service, Vec<Spanned<&str>>, usize)> =
                vec![(start, needs(start), 0)];
            let mut on_way = HashMap::from([(start.name.value.as_str(), 0)]);
            while let Some((service, needs_of_it, followed)) = way.last_mut() {
                let Some(need) = needs_of_it.get(*followed).cloned() else {
                    done.insert(service.name.value.as_str());
                    on_way.remove(service.name.value.as_str());
                    way.pop();
                    continue;
                };
                *followed += 1;
                if let Some(at) = on_way.get(need.value).copied() {
                    let names: Vec<&str> =
                        way[at..].iter().map(|(on, ..)| on.name.value.as_str()).collect();
                    let circle = names.join("` → `");
                    let message = format!("`{circle}` → `{}`: none can start first", need.value);
                    let mut problem = Problem::new(ProblemKind::Cycle, need.span, message);
                    for (_, needs, followed) in &way[at..way.len() - 1] {
                        problem = problem.also(needs[followed - 1].span, "and this");
                    }
                    self.problems.push(problem.help("drop one of these dependencies"));
                } else if !done.contains(need.value)
                    && let Some(next) = self.names.get(need.value)
                {
                    on_way.insert(next.name.value.as_str(), way.len());
                    way.push((next, needs(next), 0));
                }
            }
        }
    }

    fn defined(&mut self, source: &Text, what: &'static str) {
        if let Some(name) = source.known()
            && !self.resources.contains(&(what, name))
        {
            self.undefined(&Spanned::new(name, source.span()), what);
        }
    }

    fn undefined(&mut self, name: &Spanned<&str>, what: &'static str) {
        if !name.value.contains(HOLE) {
            self.problems.push(undefined(name, what));
        }
    }

    fn conflict(&mut self, value: &Value, other: &Value, message: &str) {
        let problem = Problem::new(ProblemKind::Conflict, value.span, message);
        self.problems.push(problem.also(other.span, "the other one").help("keep one of the two"));
    }
}

fn undefined(name: &Spanned<&str>, what: &'static str) -> Problem {
    let message = format!("no {what} `{}` is defined", name.value);
    let problem = Problem::new(ProblemKind::Reference, name.span, message);
    let problem = problem.lacks(what, name.value);
    match what {
        "service" => problem,
        _ => problem.help(format!("define it at the top level, below `{what}s`")),
    }
}

/// The services that have to be there first, where they are named.
fn needs(service: &Service) -> Vec<Spanned<&str>> {
    let written = service.depends_on.iter().map(|dependency| &dependency.service);
    written.chain(&service.implied).map(|name| name.as_ref().map(String::as_str)).collect()
}
