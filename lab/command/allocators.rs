// SPDX-License-Identifier: GPL-2.0

//! The words for allocators.

use core::fmt;

/// A family of allocating functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allocator {
    /// `kmalloc()`.
    Kmalloc,
    /// `vmalloc()`.
    Vmalloc,
    /// `kvmalloc()`.
    Kvmalloc,
    /// `alloc_pages()`.
    Pages,
}

impl Allocator {
    /// All of them, in the order in which they are always shown.
    pub(crate) const ALL: [Self; 4] = [Self::Kmalloc, Self::Vmalloc, Self::Kvmalloc, Self::Pages];

    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Kmalloc => "kmalloc",
            Self::Vmalloc => "vmalloc",
            Self::Kvmalloc => "kvmalloc",
            Self::Pages => "pages",
        }
    }

    /// Whether the owning type promises physically contiguous memory.
    pub(crate) const fn promises_contiguity(self) -> bool {
        matches!(self, Self::Kmalloc | Self::Pages)
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|allocator| allocator.name() == name)
    }
}

// `AllocatorSet` finds a member by its number.
#[allow(clippy::indexing_slicing)] // At compile time.
const _: () = {
    let mut index = 0;
    while index < Allocator::ALL.len() {
        assert!(Allocator::ALL[index] as usize == index);
        index += 1;
    }
};

/// A set of allocators, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AllocatorSet {
    members: [bool; Allocator::ALL.len()],
}

impl AllocatorSet {
    /// Parses `all`, or names with commas between them, each once.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == "all" {
            return Some(Self {
                members: [true; Allocator::ALL.len()],
            });
        }
        let mut set = Self {
            members: [false; Allocator::ALL.len()],
        };
        for name in text.split(',') {
            let member = set.members.get_mut(Allocator::from_name(name)? as usize)?;
            if *member {
                return None;
            }
            *member = true;
        }
        Some(set)
    }

    /// The members, in the order in which they are always shown.
    pub(crate) fn iter(self) -> impl Iterator<Item = Allocator> {
        Allocator::ALL
            .into_iter()
            .zip(self.members)
            .filter_map(|(allocator, is_member)| is_member.then_some(allocator))
    }

    /// The only member, if there is just one.
    pub(crate) fn single(self) -> Option<Allocator> {
        let mut members = self.iter();
        members.next().filter(|_| members.next().is_none())
    }

    /// Whether `allocator` is a member.
    pub(crate) fn contains(self, allocator: Allocator) -> bool {
        self.members.get(allocator as usize) == Some(&true)
    }
}

impl fmt::Display for AllocatorSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, allocator) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            write!(f, "{separator}{}", allocator.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocators_are_a_list_or_all() {
        let names = |text| {
            AllocatorSet::parse(text).map(|set| {
                set.iter()
                    .map(Allocator::name)
                    .collect::<Vec<_>>()
                    .join(" ")
            })
        };
        assert_eq!(
            names("all").as_deref(),
            Some("kmalloc vmalloc kvmalloc pages")
        );
        assert_eq!(names("pages,kmalloc").as_deref(), Some("kmalloc pages"));
        for text in [
            "",
            ",",
            "kmalloc,",
            "kmalloc,kmalloc",
            "KMALLOC",
            "all,kmalloc",
            "slab",
        ] {
            assert_eq!(names(text), None, "{text}");
        }
    }
}
