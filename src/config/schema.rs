//! The JSON Schema of the configuration, for editors.

use serde_json::{Map, Value, json};

use crate::model::environment::Environment;
use crate::rule::{OptionKind, Runtime};
use crate::rules::{Entry, catalogue};

use super::{FailOn, RuleLevel};

/// The schema (draft-07, which editors for TOML know), from the catalogue.
pub fn schema() -> Value {
    let mut top = json!({
        "extend": {
            "type": "string",
            "description": "The configuration that this one builds on, relative to this file.",
        },
        "exclude": patterns("Files not to lint; replaces the patterns of the file built on."),
        "extend-exclude": patterns("Files not to lint, besides those of the file built on."),
        "compose": {
            "type": "object",
            "properties": {
                "groups": {
                    "type": "array",
                    "description": "Compose files that are read together, as by several `-f`.",
                    "items": { "type": "array", "items": { "type": "string" } },
                },
            },
            "additionalProperties": false,
        },
        "build": {
            "type": "object",
            "properties": {
                "args": {
                    "type": "object",
                    "description": "What builds are given, as by `--build-arg`; what a Compose file gives goes before.",
                    "additionalProperties": { "type": "string" },
                },
            },
            "additionalProperties": false,
        },
        "environment": {
            "type": "array",
            "description": "Which files are of development and which of production.",
            "items": {
                "type": "object",
                "properties": { "paths": patterns("Which files."), "is": environment() },
                "required": ["paths", "is"],
                "additionalProperties": false,
            },
        },
        "overrides": {
            "type": "array",
            "description": "What holds for some files only; later ones win.",
            "items": {
                "type": "object",
                "properties": join(
                    json!({ "paths": patterns("Which files."), "environment": environment() }),
                    settings(),
                ),
                "required": ["paths"],
                "additionalProperties": false,
            },
        },
    });
    top = join(top, settings());
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "plimsoll.toml",
        "description": "The configuration of plimsoll, a linter for containers.",
        "type": "object",
        "properties": top,
        "additionalProperties": false,
        "definitions": { "level": level(), "rules": rules() },
    })
}

/// What may stand at the top and in an override.
fn settings() -> Value {
    json!({
        "fail-on": {
            "enum": FailOn::ALL.map(FailOn::name),
            "description": "The severity from which on findings fail the run.",
        },
        "pedantic": {
            "type": "boolean",
            "description": "Whether the pedantic rules speak.",
        },
        "registries": {
            "type": "array",
            "items": { "type": "string" },
            "description": "The registries that images may come from.",
        },
        "runtime": {
            "enum": Runtime::ALL.map(Runtime::name),
            "description": "What runs the containers.",
        },
        "inline-suppressions": {
            "type": "boolean",
            "description": "Whether comments and annotations may silence findings.",
        },
        "require-reason": {
            "type": "boolean",
            "description": "Whether what silences a finding has to say why.",
        },
        "shell": {
            "type": "object",
            "properties": {
                "shellcheck": {
                    "type": "boolean",
                    "description": "Whether ShellCheck is asked, where it is installed.",
                },
            },
            "additionalProperties": false,
        },
        "rules": { "$ref": "#/definitions/rules" },
    })
}

fn rules() -> Value {
    let rules: Map<String, Value> =
        catalogue().iter().map(|entry| (entry.page.id.to_owned(), rule(entry))).collect();
    json!({
        "type": "object",
        "description": "The level and the options of each rule.",
        "properties": rules,
        "additionalProperties": false,
    })
}

fn level() -> Value {
    json!({ "enum": RuleLevel::ALL.map(RuleLevel::name) })
}

fn rule(entry: &Entry) -> Value {
    let level = json!({ "$ref": "#/definitions/level" });
    let mut properties = json!({ "level": level });
    for option in entry.rule.options {
        properties[option.name] = match option.kind {
            OptionKind::Words => json!({ "type": "array", "items": { "type": "string" } }),
            OptionKind::OneOf(words) => json!({ "type": "array", "items": { "enum": words } }),
            OptionKind::Number => json!({ "type": "integer", "minimum": 0 }),
            OptionKind::Switch => json!({ "type": "boolean" }),
        };
    }
    json!({
        "description": entry.page.summary,
        "anyOf": [
            level,
            { "type": "object", "properties": properties, "additionalProperties": false },
        ],
    })
}

fn patterns(description: &str) -> Value {
    json!({
        "type": "array",
        "items": { "type": "string" },
        "description": format!("{description} Patterns as in .gitignore, relative to this file."),
    })
}

fn environment() -> Value {
    json!({ "enum": Environment::ALL.map(Environment::name) })
}

fn join(mut one: Value, other: Value) -> Value {
    if let (Value::Object(one), Value::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}
