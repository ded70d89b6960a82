//! The fields that Kubernetes' own kinds of objects have, and what each may hold.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Its head says where it is from.
const KINDS: &str = include_str!("schema/kinds.txt");

static TYPES: LazyLock<HashMap<&str, Vec<Field>>> = LazyLock::new(|| {
    let lines = KINDS.lines().filter(|line| !line.starts_with('#'));
    let types = lines.filter_map(|line| line.split_once(": "));
    types.map(|(name, fields)| (name, fields.split(", ").filter_map(field).collect())).collect()
});

/// A field of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub is_required: bool,
    pub holds: Holds,
}

/// What a field may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    Anything,
    Truth,
    Integer,
    Number,
    Text,
    /// Text in base 64.
    Bytes,
    /// An amount such as `500m`, or a number.
    Quantity,
    NumberOrText,
    OneOf(Vec<&'static str>),
    List(Box<Self>),
    /// Keys of one's own.
    Map(Box<Self>),
    /// The fields of another type.
    Type(&'static str),
}

/// The fields of a type.
pub fn fields(name: &str) -> Option<&'static [Field]> {
    TYPES.get(name).map(Vec::as_slice)
}

fn field(text: &'static str) -> Option<Field> {
    let (name, holds) = text.split_once(' ')?;
    let required = name.strip_suffix('!');
    Some(Field {
        name: required.unwrap_or(name),
        is_required: required.is_some(),
        holds: Holds::read(holds),
    })
}

impl Holds {
    fn read(text: &'static str) -> Self {
        let within = |open, close| text.strip_prefix(open)?.strip_suffix(close);
        if let Some(item) = within('[', ']') {
            return Self::List(Box::new(Self::read(item)));
        }
        if let Some(value) = within('{', '}') {
            return Self::Map(Box::new(Self::read(value)));
        }
        match text {
            "any" => Self::Anything,
            "truth" => Self::Truth,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::Text,
            "bytes" => Self::Bytes,
            "quantity" => Self::Quantity,
            "either" => Self::NumberOrText,
            _ if text.contains('|') => Self::OneOf(text.split('|').collect()),
            name => Self::Type(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(holds: &Holds) -> Option<&'static str> {
        match holds {
            Holds::List(inner) | Holds::Map(inner) => named(inner),
            Holds::Type(name) => Some(name),
            _ => None,
        }
    }

    #[test]
    fn every_type_that_a_field_holds_is_there() {
        assert!(TYPES.len() > 200);
        for field in TYPES.values().flatten() {
            if let Some(name) = named(&field.holds) {
                assert!(fields(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn fields_are_read() {
        let port = fields("ContainerPort").unwrap_or_default();
        let find = |name| port.iter().find(|field| field.name == name);
        assert!(find("containerPort").is_some_and(|f| f.is_required && f.holds == Holds::Integer));
        let protocols = Holds::OneOf(vec!["TCP", "UDP", "SCTP"]);
        assert!(find("protocol").is_some_and(|field| field.holds == protocols));
        assert!(fields("apps/v1/Deployment").is_some() && fields("v1/Deployment").is_none());
    }
}
