// SPDX-License-Identifier: GPL-2.0

//! The table: which operations, at which sizes.

use crate::{
    kernel_crate,
    library,
    path::Path,
    timing, //
};
use core::ffi::CStr;
use kernel::{
    fmt,
    page::PAGE_SIZE,
    prelude::*, //
};

/// What is known of the size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// It is a constant.
    Constant,
    /// It comes at run time, was checked before, and stays.
    Variable,
    /// It comes at run time, a new one each time, and is checked each time.
    Changing,
}

impl Size {
    /// What the log calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Variable => "variable",
            Self::Changing => "changing",
        }
    }
}

/// An operation at one size.
pub(crate) struct Operation {
    /// The name of the C function.
    pub(crate) op: &'static CStr,
    pub(crate) size: Size,
    pub(crate) size_bytes: usize,
    /// The size as the operation takes it.
    pub(crate) amount: usize,
    pub(crate) library: Path,
    pub(crate) kernel_crate: Path,
}

impl Operation {
    /// Whether the cost depends on what is mapped.
    pub(crate) fn maps(&self) -> bool {
        self.op == c"vmalloc"
    }
}

/// As the log has it.
impl fmt::Display for Operation {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { op, size_bytes, .. } = self;
        let size = self.size.name();
        to.write_fmt(fmt!("op={op} size_bytes={size_bytes} size={size}"))
    }
}

/// What is done with each operation.
type Visitor<'a> = &'a mut dyn FnMut(Operation) -> Result;

/// One row for each amount that is given, of `unit` bytes each, with the amount as a constant; then
/// the same amounts, which the compiler does not know.
macro_rules! rows {
    ($visit:ident, $op:ident, $unit:expr, [$($amount:literal)*]) => {
        $($visit(Operation {
            op: kernel::c_str!(stringify!($op)),
            size: Size::Constant,
            size_bytes: $unit($amount),
            amount: $amount,
            library: library::constant::$op::<$amount>,
            kernel_crate: kernel_crate::constant::$op::<$amount>,
        })?;)*
        for amount in [$($amount),*] {
            let size_bytes = $unit(amount);
            let op = kernel::c_str!(stringify!($op));
            $visit(Operation {
                op,
                size: Size::Variable,
                size_bytes,
                amount,
                library: library::variable::$op,
                kernel_crate: kernel_crate::variable::$op,
            })?;
            $visit(Operation {
                op,
                size: Size::Changing,
                size_bytes,
                amount,
                library: library::changing::$op,
                kernel_crate: kernel_crate::variable::$op,
            })?;
        }
    };
}

/// Visits all operations.
///
/// # Errors
///
/// The first of `visit`.
pub(crate) fn each(visit: Visitor<'_>) -> Result {
    let bytes = |amount: usize| amount;
    let words = |amount: usize| amount * size_of::<u32>();
    let block = |order: usize| PAGE_SIZE << order;
    rows!(visit, kmalloc, bytes, [8 64 100 256 1024 4096 8192 65536 4194304]);
    rows!(visit, kzalloc, bytes, [8 64 100 256 1024 4096 8192 65536]);
    rows!(visit, kmalloc_array, words, [2 16 25 64 256 1024 2048 16384 1048576]);
    rows!(visit, kcalloc, words, [2 16 25 64 256 1024 2048 16384]);
    rows!(visit, kmemdup, bytes, [8 64 100 256 1024 4096 8192 65536]);
    rows!(visit, vmalloc, bytes, [4096 16384 65536 1048576 4194304]);
    rows!(visit, kvmalloc, bytes, [4096 16384 65536 1048576 4194304]);
    rows!(visit, alloc_pages, block, [0 3 10]);
    visit(Operation {
        op: c"timing",
        size: Size::Constant,
        size_bytes: 0,
        amount: 0,
        library: timing::sample,
        kernel_crate: kernel_crate::constant::timing,
    })
}
