// SPDX-License-Identifier: GPL-2.0
/*
 * Makes one system call on the module with an allocation failing, and tells what came of it.
 *
 * /proc/self/fail-nth counts the allocations of one task, and fork() clears it. So this process arms
 * it, makes the call and looks what is left, and meanwhile neither forks nor touches memory that it
 * does not have yet: a page fault allocates too.
 *
 * It reads requests, one a line, and answers each with "ERROR LEFT BYTES\n" and so many bytes:
 *
 *	SCOPE N open FILE		opens and closes
 *	SCOPE N write FILE COMMAND	writes, with the faults; the answer is read without
 *	SCOPE N read FILE COMMAND	writes without, and reads with the faults
 *	SCOPE N load FILE PARAMETERS	inserts a module
 *	SCOPE N unload NAME		removes one
 *
 * SCOPE says whose N-th allocation fails; N = 0 stands for none.
 *
 *	task	this task's
 *	slab	anybody's but this task's, of slab objects
 *	pages	the same, of pages
 *
 * ERROR is an errno, or 0. LEFT is 0 if the fault was injected. For `task` it is otherwise what
 * is left of N.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEBUGFS "/sys/kernel/debug/"

enum scope { TASK, SLAB, PAGES };

/* The attributes in debugfs that reach every task. */
struct attributes {
	const char *interval_path;
	const char *times_path;
	int interval;
	int times;
};

static struct attributes attributes[] = {
	[SLAB] = { DEBUGFS "failslab/interval", DEBUGFS "failslab/times", -1, -1 },
	[PAGES] = { DEBUGFS "fail_page_alloc/interval", DEBUGFS "fail_page_alloc/times", -1, -1 },
};

/* Some memory of our own, so that there are no page faults. */
static char request[8192];
static char answer[4 << 20];
static size_t answer_bytes;

static void die(const char *format, ...)
{
	int error = errno;
	va_list arguments;

	fputs("caller: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, " (%s)\n", strerror(error));
	exit(1);
}

static int open_or_die(const char *path, int flags)
{
	int file = open(path, flags | O_CLOEXEC);

	if (file < 0)
		die("cannot open %s", path);
	return file;
}

static void write_number(int file, unsigned int number)
{
	char text[16];
	int bytes = snprintf(text, sizeof(text), "%u", number);

	/* Not pwrite(): attributes in debugfs have no position. */
	if (write(file, text, bytes) != bytes)
		die("cannot set a fault to %u", number);
}

static unsigned int read_number(int file)
{
	char text[16] = "";

	if (pread(file, text, sizeof(text) - 1, 0) <= 0)
		die("cannot look what is left of a fault");
	return strtoul(text, NULL, 10);
}

/*
 * How often an attribute may still fail. It can be read once only each time that it is opened, which
 * allocates: if that fails, it was this attribute's doing.
 */
static unsigned int times_left(const struct attributes *of)
{
	int file = open(of->times_path, O_RDONLY | O_CLOEXEC);
	char text[16] = "";
	ssize_t bytes;

	if (file < 0 && errno == ENOMEM)
		return 0;
	if (file < 0)
		die("cannot open %s", of->times_path);
	bytes = read(file, text, sizeof(text) - 1);
	if (bytes < 0 && errno != ENOMEM)
		die("cannot read %s", of->times_path);
	close(file);
	return bytes > 0 ? strtoul(text, NULL, 10) : 0;
}

/* The file is opened early: to open it allocates. */
static int fail_nth(void)
{
	static int file = -1;

	if (file < 0)
		file = open_or_die("/proc/self/fail-nth", O_RDWR);
	return file;
}

static struct attributes *attributes_of(enum scope scope)
{
	struct attributes *of = &attributes[scope];

	if (of->interval < 0) {
		of->interval = open_or_die(of->interval_path, O_WRONLY);
		of->times = open_or_die(of->times_path, O_WRONLY);
	}
	return of;
}

/*
 * Every `interval`-th allocation fails, by a count that nobody can read or set. When one has failed,
 * the count is a multiple of the interval: from there on the N-th is N allocations away.
 */
static void start_counting(struct attributes *of, enum scope scope, unsigned int nth)
{
	static int cmdline = -1;
	char byte;

	if (cmdline < 0)
		cmdline = open_or_die("/proc/self/cmdline", O_RDONLY);
	write_number(of->interval, nth);
	write_number(of->times, 1);
	while (times_left(of)) {
		if (scope == SLAB) {
			int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);

			if (file >= 0)
				close(file);
		} else if (pread(cmdline, &byte, 1, 0) < 0 && errno != ENOMEM) {
			die("cannot read /proc/self/cmdline");
		}
	}
}

static void arm(enum scope scope, unsigned int nth)
{
	struct attributes *of;

	if (!nth)
		return;
	if (scope == TASK) {
		write_number(fail_nth(), nth);
		return;
	}
	of = attributes_of(scope);
	fail_nth();
	start_counting(of, scope, nth);
	/* While a task counts its own, the attributes do not reach it. */
	write_number(fail_nth(), UINT32_MAX);
	write_number(of->times, 1);
}

/* Returns what is left: 0 if the fault was injected. */
static unsigned int disarm(enum scope scope, unsigned int nth)
{
	struct attributes *of;
	unsigned int left;

	if (!nth)
		return 0;
	if (scope == TASK) {
		left = read_number(fail_nth());
		write_number(fail_nth(), 0);
		return left;
	}
	of = attributes_of(scope);
	left = times_left(of);
	write_number(of->times, 0);
	write_number(fail_nth(), 0);
	return left;
}

/* Returns 0 or an errno. */
static int read_answer(int file)
{
	answer_bytes = 0;
	for (;;) {
		ssize_t bytes = read(file, answer + answer_bytes, sizeof(answer) - answer_bytes);

		if (bytes < 0)
			return errno;
		if (bytes == 0)
			return 0;
		answer_bytes += bytes;
		if (answer_bytes == sizeof(answer))
			die("an answer is longer than %zu bytes", sizeof(answer));
	}
}

/* Returns 0 or an errno. */
static int write_command(int file, const char *command)
{
	size_t bytes = strlen(command);
	ssize_t written = write(file, command, bytes);

	if (written < 0)
		return errno;
	if ((size_t)written != bytes)
		die("%zd of %zu bytes were written", written, bytes);
	return 0;
}

static int call_open(enum scope scope, unsigned int nth, const char *path, unsigned int *left)
{
	int file, error;

	arm(scope, nth);
	file = open(path, O_RDONLY | O_CLOEXEC);
	error = file < 0 ? errno : 0;
	if (file >= 0)
		close(file);
	*left = disarm(scope, nth);
	return error;
}

static int call_write(enum scope scope, unsigned int nth, const char *path, const char *command,
		      unsigned int *left)
{
	int file = open_or_die(path, O_RDWR);
	int error, read_error;

	arm(scope, nth);
	error = write_command(file, command);
	*left = disarm(scope, nth);
	read_error = read_answer(file);
	if (read_error) {
		errno = read_error;
		die("cannot read the answer to '%s'", command);
	}
	close(file);
	return error;
}

static int call_read(enum scope scope, unsigned int nth, const char *path, const char *command,
		     unsigned int *left)
{
	int file = open_or_die(path, *command ? O_RDWR : O_RDONLY);
	int error = *command ? write_command(file, command) : 0;

	if (error) {
		errno = error;
		die("cannot write '%s'", command);
	}
	arm(scope, nth);
	error = read_answer(file);
	*left = disarm(scope, nth);
	close(file);
	return error;
}

static int call_load(enum scope scope, unsigned int nth, const char *path, const char *parameters,
		     unsigned int *left)
{
	int file = open_or_die(path, O_RDONLY);
	int error;

	arm(scope, nth);
	error = syscall(SYS_finit_module, file, parameters, 0) ? errno : 0;
	*left = disarm(scope, nth);
	close(file);
	return error;
}

static int call_unload(enum scope scope, unsigned int nth, const char *name, unsigned int *left)
{
	int error;

	arm(scope, nth);
	error = syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
	*left = disarm(scope, nth);
	return error;
}

/* Returns whether there is one. Whoever asks waits for the answer before asking again. */
static bool read_request(void)
{
	size_t bytes = 0;

	for (;;) {
		ssize_t got = read(STDIN_FILENO, request + bytes, sizeof(request) - bytes);

		if (got < 0)
			die("cannot read a request");
		if (got == 0)
			return false;
		bytes += got;
		if (request[bytes - 1] == '\n') {
			request[bytes - 1] = '\0';
			return true;
		}
		if (bytes == sizeof(request)) {
			errno = E2BIG;
			die("a request of more than %zu bytes", bytes);
		}
	}
}

static void write_all(const char *data, size_t bytes)
{
	while (bytes) {
		ssize_t written = write(STDOUT_FILENO, data, bytes);

		if (written < 0)
			die("cannot answer");
		data += written;
		bytes -= written;
	}
}

static enum scope scope_of(const char *word)
{
	if (!strcmp(word, "slab"))
		return SLAB;
	if (!strcmp(word, "pages"))
		return PAGES;
	if (strcmp(word, "task")) {
		errno = EINVAL;
		die("unknown scope '%s'", word);
	}
	return TASK;
}

static void perform(void)
{
	char *rest = request, *word[4];
	unsigned int nth, left = 0;
	enum scope scope;
	char head[64];
	int error;

	for (int index = 0; index < 4; index++) {
		word[index] = strsep(&rest, " ");
		if (!word[index]) {
			errno = EINVAL;
			die("a request of %d words", index);
		}
	}
	if (!rest)
		rest = word[3] + strlen(word[3]);
	scope = scope_of(word[0]);
	nth = strtoul(word[1], NULL, 10);
	answer_bytes = 0;
	if (!strcmp(word[2], "open")) {
		error = call_open(scope, nth, word[3], &left);
	} else if (!strcmp(word[2], "write")) {
		error = call_write(scope, nth, word[3], rest, &left);
	} else if (!strcmp(word[2], "read")) {
		error = call_read(scope, nth, word[3], rest, &left);
	} else if (!strcmp(word[2], "load")) {
		error = call_load(scope, nth, word[3], rest, &left);
	} else if (!strcmp(word[2], "unload")) {
		error = call_unload(scope, nth, word[3], &left);
	} else {
		errno = EINVAL;
		die("unknown call '%s'", word[2]);
	}
	write_all(head, snprintf(head, sizeof(head), "%d %u %zu\n", error, left, answer_bytes));
	write_all(answer, answer_bytes);
}

int main(void)
{
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		die("cannot lock memory");
	while (read_request())
		perform();
	return 0;
}
