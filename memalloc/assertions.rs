// SPDX-License-Identifier: GPL-2.0

//! What must not be true of the library's types, checked whenever it is compiled.

use crate::{
    Bulk,
    Cache,
    CacheBox,
    KmallocBox,
    KvmallocBox,
    PageBlock,
    PageRun,
    Pool,
    PoolBox,
    SensitiveBox,
    SinglePage,
    VmallocBox, //
};
use core::marker::PhantomPinned;
use kernel::sync::Arc;

/// Fails to compile if the type has one of the traits: the call is then ambiguous.
macro_rules! assert_not {
    ($type:ty: $($unwanted:ident)*) => {$(
        const _: fn() = || {
            trait AmbiguousIf<Which> {
                fn check() {}
            }
            struct HasIt;
            impl<T: ?Sized> AmbiguousIf<()> for T {}
            impl<T: ?Sized + $unwanted> AmbiguousIf<HasIt> for T {}
            <$type as AmbiguousIf<_>>::check()
        };
    )*};
}

// A second owner would free the memory a second time.
assert_not!(KmallocBox<u8>: Copy Clone);
assert_not!(SensitiveBox<u8>: Copy Clone);
assert_not!(VmallocBox<u8>: Copy Clone);
assert_not!(KvmallocBox<u8>: Copy Clone);
assert_not!(PageBlock<u8>: Copy Clone);
assert_not!(PageRun<u8>: Copy Clone);
assert_not!(SinglePage: Copy Clone);
assert_not!(Cache<u8>: Copy Clone);
assert_not!(CacheBox<u8, &'static Cache<u8>>: Copy Clone);
assert_not!(CacheBox<u8, Arc<Cache<u8>>>: Copy Clone);
assert_not!(Bulk<u8, &'static Cache<u8>>: Copy Clone);
assert_not!(Pool<u8>: Copy Clone);
assert_not!(PoolBox<u8, &'static Pool<u8>>: Copy Clone);

// Values that must stay with their thread stay there inside an owner too.
assert_not!(KmallocBox<*mut u8>: Send Sync);
assert_not!(CacheBox<*mut u8, &'static Cache<*mut u8>>: Send Sync);
assert_not!(Bulk<*mut u8, &'static Cache<*mut u8>>: Send Sync);
assert_not!(PoolBox<*mut u8, Arc<Pool<*mut u8>>>: Send Sync);
assert_not!(PageBlock<*mut u8>: Send Sync);

/// Fails to compile if the type does not have the trait.
macro_rules! assert_is {
    ($type:ty: $wanted:ident) => {
        const _: fn() = || {
            fn check<T: $wanted>() {}
            check::<$type>()
        };
    };
}

// Whoever keeps a pinned value by its owner, as in a `Mutex`, may put another in its place.
assert_is!(KmallocBox<PhantomPinned>: Unpin);
assert_is!(VmallocBox<PhantomPinned>: Unpin);
assert_is!(CacheBox<PhantomPinned, &'static Cache<PhantomPinned>>: Unpin);
assert_is!(PoolBox<PhantomPinned, Arc<Pool<PhantomPinned>>>: Unpin);
