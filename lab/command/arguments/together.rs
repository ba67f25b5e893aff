// SPDX-License-Identifier: GPL-2.0

//! Values that do not go together.

use super::{
    super::{
        allocators::Allocator,
        complaint::Complaint,
        flags::Modifier,
        keys::{
            Key,
            Parameter, //
        },
        sizes::Sizes,
        words::{
            Pattern,
            Via, //
        },
        workload::MAX_HELD,
        Command,
    },
    Arguments, MAX_SIZES,
};

impl Arguments {
    /// Checks what no value shows alone.
    pub(super) fn check_together<'a>(
        &self,
        command: Command<'a>,
        parameters: &'static [Parameter],
    ) -> Result<(), Complaint<'a>> {
        let takes_allocators = parameters.iter().any(|one| one.key == Key::Allocator);
        let conflict = |key: Key, because| {
            let given = command
                .pairs()
                .filter_map(Result::ok)
                .find(|(name, _)| *name == key.name())
                .map(|(_, value)| value);
            let by_preset = || {
                let values = self.preset?.values.iter();
                let mut of_key = values.filter(|(one, _)| *one == key);
                of_key.next().map(|(_, value)| *value)
            };
            let value = given.or_else(by_preset).unwrap_or("(default)");
            Err(Complaint::Conflict {
                key,
                value,
                because,
            })
        };
        if self.from_bytes > self.to_bytes {
            return Err(Complaint::FromAboveTo {
                from_bytes: self.from_bytes,
                to_bytes: self.to_bytes,
            });
        }
        if self.sizes_bytes().count() as u64 > MAX_SIZES {
            return conflict(Key::Step, "makes more than 4096 sizes; give a larger step");
        }
        if self.zero == Some(false) && self.gfp.has(Modifier::Zero) {
            return conflict(Key::Zero, "contradicts +zero in gfp");
        }
        let takes_via = parameters.iter().any(|one| one.key == Key::Via);
        let is_through_c = self.workload.via.iter().any(|via| via == Via::C);
        if takes_via && is_through_c && self.align_bytes > 1 {
            return conflict(Key::Align, "goes with via=library only");
        }
        let is_on_threads = parameters.iter().any(|one| one.key == Key::Cpus)
            || self.workload.pattern == Pattern::Remote;
        if takes_via && is_on_threads && self.gfp.has(Modifier::Account) {
            return conflict(
                Key::Gfp,
                "account does not go with threads of the kernel's, which no cgroup pays for",
            );
        }
        let least_power = self.from_bytes.checked_next_power_of_two();
        let has_power = least_power.is_some_and(|power| power <= self.to_bytes);
        if self.workload.sizes == Sizes::Powers && !has_power {
            return conflict(Key::From, "has no power of two between it and to");
        }
        if self.workload.pattern == Pattern::All && self.workload.operations > MAX_HELD {
            return conflict(
                Key::Operations,
                "with pattern=all, give at most 1048576: they are all held at once",
            );
        }
        let is_pages_only = self.allocators.iter().all(|one| one == Allocator::Pages);
        if takes_allocators && self.order.is_some() && !is_pages_only {
            return conflict(Key::Order, "goes with allocator=pages only");
        }
        // What a scenario of one family asks for is not in `allocators`, and pages and kmalloc, which
        // have such scenarios, take every modifier.
        for allocator in self.allocators.iter().filter(|_| takes_allocators) {
            if let Some(modifier) = self.gfp.unsuited_to(allocator) {
                return conflict(
                    Key::Gfp,
                    match modifier {
                        Modifier::Thisnode => "thisnode goes with kmalloc and pages only",
                        _ => "noretry does not go with kvmalloc",
                    },
                );
            }
        }
        Ok(())
    }
}
