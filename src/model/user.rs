//! Users as containers name them, and which of them are root.

/// `name[:group]` of `USER`, Compose `user:`; a bare number for Kubernetes' `runAsUser`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub name: String,
    pub group: Option<String>,
}

impl User {
    /// Reads `name`, `uid`, `name:group`; the group may be empty.
    pub fn parse(text: &str) -> Self {
        match text.split_once(':') {
            Some((name, group)) => Self { name: name.to_owned(), group: Some(group.to_owned()) },
            None => Self { name: text.to_owned(), group: None },
        }
    }

    /// The user's number, if it is given by number. Leading zeros and a sign do not change it:
    /// the runtime reads it with `strconv.Atoi` (moby/sys `user.GetExecUser`).
    pub fn number(&self) -> Option<u64> {
        self.name.strip_prefix('+').unwrap_or(&self.name).parse().ok()
    }

    /// Whether processes run with all rights: `root`, number 0 in any spelling, or Windows'
    /// `ContainerAdministrator`. An empty name is the default user, which is root as well.
    pub fn is_root(&self) -> bool {
        self.name.is_empty()
            || self.name == "root"
            || self.number() == Some(0)
            || self.name.eq_ignore_ascii_case("ContainerAdministrator")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_has_many_spellings() {
        for root in ["root", "0", "00", "root:staff", "0:0", ":1000", "ContainerAdministrator"] {
            assert!(User::parse(root).is_root(), "{root}");
        }
        for other in ["app", "1000", "65532:65532", "rooty", "nobody:root", "1000:0"] {
            assert!(!User::parse(other).is_root(), "{other}");
        }
    }
}
