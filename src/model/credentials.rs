//! Credentials that a container is given in clear.

use std::collections::HashMap;

use crate::knowledge::secrets::{in_addresses, is_credential, is_harmless, is_written};
use crate::knowledge::{passwords, tokens};

use super::container::{Container, Variable};
use super::text::{Origin, Text};

/// A credential that stands in the file as the value of a variable, or within it.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    /// The variable.
    pub name: &'a str,
    pub value: Text,
    /// Everybody tries it, or it is the user's name.
    pub is_guessable: bool,
}

impl Container {
    /// The credentials in its environment that the file itself holds. Those whose form tells whose
    /// they are stand in [`Document::tokens`](super::Document::tokens).
    pub fn written_credentials(&self) -> Vec<Written<'_>> {
        let users: HashMap<&str, &str> = self.environment.iter().filter_map(user).collect();
        self.environment.iter().flat_map(|variable| written(variable, &users)).collect()
    }
}

/// What the variables of one login begin with, and the user's name.
fn user(variable: &Variable) -> Option<(&str, &str)> {
    let (login, last) = variable.name.value.rsplit_once('_')?;
    let is_user = ["USER", "USERNAME"].iter().any(|word| last.eq_ignore_ascii_case(word));
    is_user.then_some((login, variable.value.as_ref()?.known()?))
}

fn written<'a>(variable: &'a Variable, users: &HashMap<&str, &str>) -> Vec<Written<'a>> {
    let name = variable.name.value.as_str();
    let Some(value) = variable.value.as_ref().filter(|it| tokens::find(it.value()).is_empty())
    else {
        return Vec::new();
    };
    let credential = |value: Text, user: Option<&str>| {
        let known = value.known().filter(|_| is_here(&value))?;
        let is_guessable = passwords::is_known(known) || user == Some(known) && !known.is_empty();
        let is_written =
            if is_credential(name) { is_written(name, known) } else { !is_harmless(known) };
        (is_guessable || is_written).then(|| Written { name, is_guessable, value: value.clone() })
    };
    if is_credential(name) {
        let user = name.rsplit_once('_').and_then(|(login, _)| users.get(login)).copied();
        return credential(value.clone(), user).into_iter().collect();
    }
    let text = value.value();
    let passwords = in_addresses(text).into_iter();
    passwords
        .filter_map(|(user, password)| credential(value.slice(password), text.get(user)))
        .collect()
}

/// Whether the file that uses it holds all of it: an env file beside it may be nobody else's.
fn is_here(text: &Text) -> bool {
    text.parts().iter().all(|part| match &part.origin {
        Origin::Written | Origin::Default { .. } => true,
        Origin::Variable { defined, .. } => {
            defined.is_some_and(|span| span.file == text.span().file)
        }
        Origin::Unknown { .. } => false,
    })
}
