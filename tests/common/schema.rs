//! Enough of JSON Schema (draft-07) for the schemas that are checked here; a keyword that it does
//! not know is an error, so that nothing passes unseen.

use serde_json::Value;

/// What in `value` is not as `schema` says, as `path: what`.
pub fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "$", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else {
        if schema == &Value::Bool(false) {
            found.push(format!("{path}: nothing may stand here"));
        }
        return;
    };
    for (keyword, wanted) in keywords {
        let is_wrong = match keyword.as_str() {
            "$schema" | "$id" | "title" | "description" | "default" | "definitions" => false,
            "$ref" => {
                let pointer = wanted.as_str().unwrap().strip_prefix('#').unwrap();
                check(root, root.pointer(pointer).unwrap(), value, path, found);
                false
            }
            "type" => !is_of_type(wanted, value),
            "enum" => !wanted.as_array().unwrap().contains(value),
            "const" => wanted != value,
            "minimum" => value.as_f64().is_some_and(|number| number < wanted.as_f64().unwrap()),
            "maximum" => value.as_f64().is_some_and(|number| number > wanted.as_f64().unwrap()),
            "minItems" => value
                .as_array()
                .is_some_and(|items| (items.len() as u64) < wanted.as_u64().unwrap()),
            "uniqueItems" => value.as_array().is_some_and(|items| {
                wanted == true && (1..items.len()).any(|at| items[..at].contains(&items[at]))
            }),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, wanted, item, &format!("{path}[{index}]"), found);
                }
                false
            }
            "properties" => {
                for (name, schema) in wanted.as_object().unwrap() {
                    if let Some(inner) = value.get(name) {
                        check(root, schema, inner, &format!("{path}.{name}"), found);
                    }
                }
                false
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                for (name, inner) in value.as_object().into_iter().flatten() {
                    if known.is_none_or(|known| !known.contains_key(name)) {
                        check(root, wanted, inner, &format!("{path}.{name}"), found);
                    }
                }
                false
            }
            "required" => {
                let names = wanted.as_array().unwrap().iter().filter_map(Value::as_str);
                value.is_object() && names.into_iter().any(|name| value.get(name).is_none())
            }
            "anyOf" => !options(wanted).any(|option| accepts(root, option, value)),
            "oneOf" => options(wanted).filter(|option| accepts(root, option, value)).count() != 1,
            "format" => value.as_str().is_some_and(|text| {
                wanted.as_str().unwrap().starts_with("uri")
                    && !text.chars().all(|c| c.is_ascii_graphic() && !"<>\"\\^`{|}".contains(c))
            }),
            other => panic!("{path}: the keyword `{other}` is not known here"),
        };
        if is_wrong {
            found.push(format!("{path}: not `{keyword}` {wanted}: {value}"));
        }
    }
}

fn accepts(root: &Value, schema: &Value, value: &Value) -> bool {
    let mut found = Vec::new();
    check(root, schema, value, "", &mut found);
    found.is_empty()
}

fn options(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().unwrap().iter()
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type `{other}` is not known here"),
    };
    match wanted {
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        name => is(name.as_str().unwrap()),
    }
}
