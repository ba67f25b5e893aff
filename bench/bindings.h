/* SPDX-License-Identifier: GPL-2.0 */
/* What bindgen reads to give the benchmark its functions in C. */
#include "c_paths.h"
#include "state.h"
