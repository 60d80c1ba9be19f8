/* A disk that fails, a process that dies and a clock that runs as a test wants it.
 *
 * Loaded before the C library into a program under test, which knows nothing of it. A test
 * writes what is to happen into a control file of 64-bit numbers, even while the program runs;
 * `crates/trimtab/tests/processes/control.rs` has the other end of it.
 *
 * Journal means here: the state database, what belongs to it, and the audit log.
 *
 * environment
 *   PRELOAD_CONTROL   the control file
 *   PRELOAD_BOOT_ID   a file that is read in place of the system's boot identifier
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL

enum when { BEFORE = 1, TORN = 2, AFTER = 3 };

struct control {
    int64_t epoch;   /* the moment from which on the clock runs faster, in nanoseconds */
    int64_t factor;  /* how much faster */
    int64_t offset;  /* how far the calendar's clock is ahead besides, in nanoseconds */
    int64_t syncs;   /* how many writes of the journal were made durable; counted here */
    int64_t kill_at; /* the write of the journal at which the process dies; 0 for none */
    int64_t when;    /* before any of it is written, with half of it written, or behind it */
    int64_t is_full; /* no space for the journal, as long as the file `reserve` is beside it */
    int64_t sick_at; /* the write from which on none is made durable; 0 for none */
    int64_t is_read_only; /* the journal is not opened for writing */
    int64_t refused; /* how many writes were refused for want of space or health; counted here */
};

static struct control *control;

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_open)(const char *, int, ...);
static int (*real_epoll_wait)(int, struct epoll_event *, int, int);
static int (*real_poll)(struct pollfd *, nfds_t, int);
static long (*real_syscall)(long, ...);

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
    real_fsync = next("fsync");
    real_fdatasync = next("fdatasync");
    real_write = next("write");
    real_pwrite = next("pwrite64");
    real_open = next("open64");
    real_epoll_wait = next("epoll_wait");
    real_poll = next("poll");
    real_syscall = next("syscall");
    const char *path = getenv("PRELOAD_CONTROL");
    if (!path) return;
    int fd = real_open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped != MAP_FAILED) control = mapped;
}

/* --- the journal ------------------------------------------------------------------------- */

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int is_journal_name(const char *name) {
    return !strcmp(name, "/state.sqlite") || !strcmp(name, "/state.sqlite-wal") ||
           !strcmp(name, "/audit.jsonl");
}

/* Finds the file behind a descriptor; returns whether it is the journal's. */
static int is_journal(int fd, char *path, size_t size) {
    if (!control) return 0;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    const char *name = strrchr(path, '/');
    return name && is_journal_name(name);
}

static int is_kept_out(char *path) {
    if (!control->is_full) return 0;
    strcpy(strrchr(path, '/'), "/reserve");
    return access(path, F_OK) == 0;
}

/* Returns how much of a write is made: all of it, half, or nothing with an error. */
static ssize_t allowed(int fd, size_t size) {
    char path[4096];
    if (!is_journal(fd, path, sizeof path)) return size;
    if (control->kill_at && control->syncs == control->kill_at - 1) {
        if (control->when == BEFORE) die();
        if (control->when == TORN && size > 1) return size / 2;
    }
    if (is_kept_out(path)) {
        control->refused++;
        errno = ENOSPC;
        return -1;
    }
    return size;
}

static void die_if_torn(ssize_t allowed, size_t wanted) {
    if (allowed >= 0 && (size_t)allowed < wanted) die();
}

ssize_t write(int fd, const void *data, size_t size) {
    ssize_t some = allowed(fd, size);
    if (some < 0) return -1;
    ssize_t written = real_write(fd, data, some);
    die_if_torn(some, size);
    return written;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    ssize_t some = allowed(fd, size);
    if (some < 0) return -1;
    ssize_t written = real_pwrite(fd, data, some, at);
    die_if_torn(some, size);
    return written;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return pwrite64(fd, data, size, at);
}

static int synced(int fd, int (*real)(int)) {
    char path[4096];
    if (!is_journal(fd, path, sizeof path)) return real(fd);
    int64_t number = __atomic_add_fetch(&control->syncs, 1, __ATOMIC_SEQ_CST);
    if (control->sick_at && number >= control->sick_at) {
        control->refused++;
        errno = EIO;
        return -1;
    }
    int answer = real(fd);
    if (control->kill_at == number && control->when == AFTER) die();
    return answer;
}

int fsync(int fd) { return synced(fd, real_fsync); }

int fdatasync(int fd) { return synced(fd, real_fdatasync); }

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    const char *boot = getenv("PRELOAD_BOOT_ID");
    if (boot && !strcmp(path, "/proc/sys/kernel/random/boot_id")) path = boot;
    if (!real_open) real_open = next("open64");
    const char *name = strrchr(path, '/');
    int is_written = flags & (O_WRONLY | O_RDWR | O_CREAT | O_APPEND);
    if (control && control->is_read_only && is_written && name && is_journal_name(name)) {
        errno = EROFS;
        return -1;
    }
    return real_open(path, flags, mode);
}

/* --- the clock --------------------------------------------------------------------------- */

static int is_scaled(void) { return control && control->factor > 1; }

static int64_t real_now(clockid_t clock) {
    struct timespec now;
    /* Not through `real_syscall`: the loader asks before it is there. */
    long answer;
    __asm__ volatile("syscall"
                     : "=a"(answer)
                     : "a"((long)SYS_clock_gettime), "D"((long)clock), "S"(&now)
                     : "rcx", "r11", "memory");
    return now.tv_sec * SECOND + now.tv_nsec;
}

static int is_calendar(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

static int is_steady(clockid_t clock) {
    return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW ||
           clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME;
}

static int64_t now_of(clockid_t clock) {
    int64_t now = real_now(clock);
    if (!control || !control->factor) return now;
    if (is_calendar(clock))
        return control->epoch + (now - control->epoch) * control->factor + control->offset;
    return is_steady(clock) ? now * control->factor : now;
}

/* Returns the real moment that a moment of the program's clock is. */
static int64_t real_of(clockid_t clock, int64_t moment) {
    if (is_calendar(clock))
        return control->epoch + (moment - control->offset - control->epoch) / control->factor;
    return is_steady(clock) ? moment / control->factor : moment;
}

static struct timespec spec(int64_t nanoseconds) {
    return (struct timespec){nanoseconds / SECOND, nanoseconds % SECOND};
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    *now = spec(now_of(clock));
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    int64_t moment = now_of(CLOCK_REALTIME);
    now->tv_sec = moment / SECOND;
    now->tv_usec = moment % SECOND / 1000;
    return 0;
}

time_t time(time_t *now) {
    time_t seconds = now_of(CLOCK_REALTIME) / SECOND;
    if (now) *now = seconds;
    return seconds;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *length,
                    struct timespec *left) {
    struct timespec scaled = *length;
    int64_t moment = length->tv_sec * SECOND + length->tv_nsec;
    if (is_scaled())
        scaled = spec(flags & TIMER_ABSTIME ? real_of(clock, moment) : moment / control->factor);
    long answer = real_syscall(SYS_clock_nanosleep, clock, flags, &scaled, left);
    return answer ? errno : 0;
}

int nanosleep(const struct timespec *length, struct timespec *left) {
    int error = clock_nanosleep(CLOCK_MONOTONIC, 0, length, left);
    if (!error) return 0;
    errno = error;
    return -1;
}

int usleep(useconds_t length) {
    struct timespec wanted = spec((int64_t)length * 1000);
    return nanosleep(&wanted, NULL);
}

/* Milliseconds are rounded up: a wait that ends early is begun again at once. */
static int milliseconds(int wanted) {
    if (wanted <= 0 || !is_scaled()) return wanted;
    return (wanted + control->factor - 1) / control->factor;
}

int epoll_wait(int fd, struct epoll_event *events, int most, int timeout) {
    return real_epoll_wait(fd, events, most, milliseconds(timeout));
}

int poll(struct pollfd *fds, nfds_t count, int timeout) {
    return real_poll(fds, count, milliseconds(timeout));
}

/* Threads wait for each other through this. */
long syscall(long number, ...) {
    va_list rest;
    va_start(rest, number);
    long a = va_arg(rest, long), b = va_arg(rest, long), c = va_arg(rest, long);
    long d = va_arg(rest, long), e = va_arg(rest, long), f = va_arg(rest, long);
    va_end(rest);
    if (!real_syscall) real_syscall = next("syscall");
    struct timespec real;
    if (number == SYS_futex && d && is_scaled() && (b & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET) {
        const struct timespec *wanted = (const struct timespec *)d;
        clockid_t clock = b & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
        real = spec(real_of(clock, wanted->tv_sec * SECOND + wanted->tv_nsec));
        d = (long)&real;
    }
    return real_syscall(number, a, b, c, d, e, f);
}
