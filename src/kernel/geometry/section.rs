//! A list of plain numbers that is either made here or lies, as it is, in bytes that somebody else keeps.
//!
//! Never here: what the numbers mean, or where bytes come from.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use bytes::Bytes;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Values whose every pattern of bits is one: numbers and arrays of them.
pub(crate) trait Plain: FromBytes + IntoBytes + Immutable + KnownLayout + Copy {}
impl<T: FromBytes + IntoBytes + Immutable + KnownLayout + Copy> Plain for T {}

/// A list of `T`.
pub(crate) enum Section<T> {
    Owned(Vec<T>),
    Shared(Bytes, PhantomData<T>),
}

impl<T: Plain> Section<T> {
    /// The list that bytes hold, in this machine's order; copied only if they are not aligned for it. None if they
    /// are no whole number of `T`.
    pub(crate) fn of_bytes(bytes: Bytes) -> Option<Self> {
        if <[T]>::ref_from_bytes(&bytes).is_ok() {
            return Some(Self::Shared(bytes, PhantomData));
        }
        let values = bytes.chunks(size_of::<T>()).map(|chunk| T::read_from_bytes(chunk).ok());
        values.collect::<Option<_>>().map(Self::Owned)
    }
}

impl<T: Plain> Deref for Section<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Self::Owned(list) => list,
            // Checked when it was made.
            Self::Shared(bytes, _) => <[T]>::ref_from_bytes(bytes).unwrap_or_default(),
        }
    }
}

impl<T> Default for Section<T> {
    fn default() -> Self {
        Self::Owned(Vec::new())
    }
}

impl<T> From<Vec<T>> for Section<T> {
    fn from(list: Vec<T>) -> Self {
        Self::Owned(list)
    }
}

impl<T: Plain + Clone> Clone for Section<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Owned(list) => Self::Owned(list.clone()),
            Self::Shared(bytes, _) => Self::Shared(bytes.clone(), PhantomData),
        }
    }
}

impl<T: Plain + PartialEq> PartialEq for Section<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Plain> fmt::Debug for Section<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values", self.len())
    }
}
