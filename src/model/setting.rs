//! A setting of a container: what a format says, leaves open, or has no word for.

use crate::source::{Span, Spanned};

/// What a file says of a setting. Absence is a fact about the text, not about what runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Setting<T> {
    /// Written, and plain to read.
    Set(Spanned<T>),
    /// Written, but a variable or a template decides.
    Unresolved(Span),
    /// Could be written here, and is not.
    #[default]
    Absent,
    /// This format has no word for it.
    NotApplicable,
}

impl<T> Setting<T> {
    pub fn set(value: T, span: Span) -> Self {
        Self::Set(Spanned::new(value, span))
    }

    /// The value, if it is written and plain to read.
    pub fn get(&self) -> Option<&Spanned<T>> {
        match self {
            Self::Set(value) => Some(value),
            _ => None,
        }
    }

    /// Where it is written, known or not.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Set(value) => Some(value.span),
            Self::Unresolved(span) => Some(*span),
            Self::Absent | Self::NotApplicable => None,
        }
    }

    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    pub fn is_unresolved(&self) -> bool {
        matches!(self, Self::Unresolved(_))
    }

    /// This setting where it is written, else `other`.
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Set(_) | Self::Unresolved(_) => self,
            Self::Absent | Self::NotApplicable => other,
        }
    }

    /// Takes for open at `span` what is not written.
    pub fn open(&mut self, span: Span) {
        if self.is_absent() {
            *self = Self::Unresolved(span);
        }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        match self {
            Self::Set(value) => Setting::Set(value.map(change)),
            Self::Unresolved(span) => Setting::Unresolved(span),
            Self::Absent => Setting::Absent,
            Self::NotApplicable => Setting::NotApplicable,
        }
    }
}

impl Setting<i64> {
    /// The number, `default` where none is written; `None` where it cannot be known.
    pub fn known_or(&self, default: i64) -> Option<i64> {
        match self {
            Self::Set(number) => Some(number.value),
            Self::Unresolved(_) => None,
            Self::Absent | Self::NotApplicable => Some(default),
        }
    }
}

impl Setting<bool> {
    /// Written and true.
    pub fn is_true(&self) -> bool {
        self.get().is_some_and(|setting| setting.value)
    }

    /// Written and false.
    pub fn is_false(&self) -> bool {
        self.get().is_some_and(|setting| !setting.value)
    }
}
