//! Credentials that a container is given in clear.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::ops::Deref;

use crate::knowledge::secrets::{in_addresses, is_credential, is_harmless, is_value, is_written};
use crate::knowledge::{passwords, tokens};

use crate::source::Spanned;
use crate::syntax::shell::Word;

use super::command::Command;
use super::container::{Container, Variable};
use super::text::{Origin, Text};

/// Programs that read a password right behind `-p`; mysql(1).
const MYSQL: [&str; 6] =
    ["mysql", "mysqladmin", "mysqldump", "mariadb", "mariadb-admin", "mysqlcheck"];

/// A credential that stands in the file as the value of a variable, or within it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The variable.
    pub name: String,
    pub value: Text,
    /// Everybody tries it, or it is the user's name.
    pub is_guessable: bool,
}

impl Container {
    /// The credentials in its environment that the file itself holds. Those whose form tells whose
    /// they are stand in [`Document::tokens`](super::Document::tokens).
    pub fn written_credentials(&self) -> &[Written] {
        self.written.get_or_init(|| among(&self.environment))
    }
}

/// The credentials among variables that the file itself holds.
pub fn among(variables: &[Variable]) -> Vec<Written> {
    let users = LazyCell::new(|| variables.iter().filter_map(user).collect());
    let names: LazyCell<HashSet<&str>, _> =
        LazyCell::new(|| variables.iter().map(|it| it.name.value.as_str()).collect());
    // Beside a secret one, an access key is the user's name.
    let is_user = |variable: &&Variable| {
        let login = variable.name.value.strip_suffix("ACCESS_KEY");
        login.is_some_and(|login| {
            let secret = ["SECRET_KEY", "SECRET_ACCESS_KEY"].map(|end| format!("{login}{end}"));
            secret.iter().any(|secret| names.contains(secret.as_str()))
        })
    };
    let others = variables.iter().filter(|variable| !is_user(variable));
    others.flat_map(|variable| written(variable, &users)).collect()
}

/// The credentials in a command that the file itself holds: behind options that are called like
/// one, and in addresses.
pub fn in_command(command: &Command) -> Vec<Text> {
    let mut found = match command {
        Command::Exec(words) => in_words(words),
        Command::Shell { text, .. } => in_addresses_of(text),
    };
    // What a shell reads out of a text has no variables in it.
    let script = matches!(command, Command::Shell { .. }).then(|| command.script()).flatten();
    for site in script.iter().flat_map(|script| script.commands()) {
        let text = |word: &Word| {
            let value = word.literal().unwrap_or_default().into_owned();
            Text::written(Spanned::new(value, word.span))
        };
        found.extend(in_words(&site.command.words.iter().map(text).collect::<Vec<_>>()));
    }
    found.retain(|value| value.known().is_some_and(is_value) && is_here(value));
    found.sort_by_key(|value| value.span());
    found.dedup_by_key(|value| value.span());
    found
}

fn in_words(words: &[Text]) -> Vec<Text> {
    let mut found = Vec::new();
    let mut option = None;
    for word in words {
        let value = word.value();
        let name = value.trim_start_matches('-');
        let is_option = name.len() < value.len();
        let (named, start) = match name.split_once('=').filter(|_| is_option) {
            Some((name, rest)) => (Some(name), value.len() - rest.len()),
            None => (option.filter(|_| !is_option), 0),
        };
        if let Some(name) = named
            && is_written(name, &value[start..])
        {
            found.push(word.slice(start..value.len()));
        }
        option = Some(name).filter(|_| is_option);
    }
    // `mysqladmin -psecret`
    let is_of_mysql =
        |word: &Text| MYSQL.contains(&word.value().rsplit('/').next().unwrap_or_default());
    if words.first().is_some_and(is_of_mysql) {
        let attached = words.iter().filter(|word| {
            word.value().strip_prefix("-p").is_some_and(|rest| !rest.is_empty() && is_value(rest))
        });
        found.extend(attached.map(|word| word.slice(2..word.value().len())));
    }
    found.extend(words.iter().flat_map(in_addresses_of));
    found
}

fn in_addresses_of(text: &Text) -> Vec<Text> {
    let passwords = in_addresses(text.value()).into_iter();
    passwords.map(|(_, password)| text.slice(password)).collect()
}

/// What the variables of one login begin with, and the user's name.
fn user(variable: &Variable) -> Option<(&str, &str)> {
    let (login, last) = variable.name.value.rsplit_once('_')?;
    let is_user = ["USER", "USERNAME"].iter().any(|word| last.eq_ignore_ascii_case(word));
    is_user.then_some((login, variable.value.as_ref()?.known()?))
}

fn written<'a>(
    variable: &'a Variable,
    users: &impl Deref<Target = HashMap<&'a str, &'a str>>,
) -> Vec<Written> {
    let name = variable.name.value.as_str();
    let Some(value) = &variable.value else { return Vec::new() };
    let is_named = is_credential(name);
    let text = value.value();
    let passwords = if is_named { Vec::new() } else { in_addresses(text) };
    if !is_named && passwords.is_empty() || !tokens::find(text).is_empty() {
        return Vec::new();
    }
    let credential = |value: Text, user: Option<&str>| {
        let known = value.known().filter(|_| is_here(&value))?;
        let is_guessable = passwords::is_known(known) || user == Some(known) && !known.is_empty();
        let is_written = || if is_named { is_written(name, known) } else { !is_harmless(known) };
        (is_guessable || is_written()).then(|| Written {
            name: name.to_owned(),
            is_guessable,
            value: value.clone(),
        })
    };
    if is_named {
        let user = name.rsplit_once('_').and_then(|(login, _)| users.get(login)).copied();
        return credential(value.clone(), user).into_iter().collect();
    }
    let passwords = passwords.into_iter();
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
