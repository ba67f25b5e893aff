/* SPDX-License-Identifier: GPL-2.0 */
/* What the samples share, and a driver has no use for: an operation that is repeated. */
#ifndef SAMPLES_REPEAT_H
#define SAMPLES_REPEAT_H

/*
 * Repeats an operation as often as the module's parameters say, which is not at all unless they are
 * given. `repeat` does it that many times, for who looks for leaks. `batches` logs what it costs.
 *
 * The operation returns 0 or a negative errno; one that fails is logged, and ends it.
 */
void sample_repeat(const char *name, int (*operation)(void *context), void *context);

#endif
