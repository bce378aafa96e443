/*
 * Preloaded into a process, records in one total order what it does to the files below RECORDER_ROOT: openings, writes,
 * truncations, names, and the begin and end of every sync, with the acknowledgements written to RECORDER_ROOT/claims.
 * One lock is held over each call and its record, so the order of the log is the order in which things happened.
 *
 * Syncs only take time here: what they would have saved is worked out from the log, and a disk that takes its time
 * shows more of what may happen meanwhile.
 *
 * A record is a header of seven little-endian 64-bit integers (kind, file, offset, token, flag, length, length of a
 * second text) and its bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { OPEN = 1, WRITE, TRUNCATE, RENAME, LINK, UNLINK, MAKE_FOLDER, SYNC_BEGIN, SYNC_END, CLAIM };
enum { FDS = 65536, FILES = 65536, CLAIMS = -1 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { int64_t file; dev_t dev; ino_t ino; } fds[FDS]; /* file 0 for those that are not recorded */
static struct { dev_t dev; ino_t ino; int64_t id; } files[FILES];
static int file_count;
static int64_t last_id, last_token;
static uint64_t chance = 88172645463325252ULL;
static int log_fd = -1;
static char root[4096];
static size_t root_length;

#define REAL(result, name, ...) \
  static result (*real_##name)(__VA_ARGS__); \
  static void find_##name(void) { if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name); }
REAL(int, open, const char *, int, ...)
REAL(int, close, int)
REAL(ssize_t, write, int, const void *, size_t)
REAL(ssize_t, pwrite, int, const void *, size_t, off_t)
REAL(ssize_t, writev, int, const struct iovec *, int)
REAL(ssize_t, pwritev, int, const struct iovec *, int, off_t)
REAL(int, ftruncate, int, off_t)
REAL(int, rename, const char *, const char *)
REAL(int, link, const char *, const char *)
REAL(int, unlink, const char *)
REAL(int, unlinkat, int, const char *, int)
REAL(int, remove, const char *)
REAL(int, rmdir, const char *)
REAL(int, mkdir, const char *, mode_t)
REAL(int, fsync, int)
REAL(int, fdatasync, int)

__attribute__((constructor)) static void start(void) {
  find_open(); find_close(); find_write(); find_pwrite(); find_writev(); find_pwritev(); find_ftruncate();
  find_rename(); find_link(); find_unlink(); find_unlinkat(); find_remove(); find_rmdir(); find_mkdir(); find_fsync();
  find_fdatasync();
  const char *folder = getenv("RECORDER_ROOT"), *log = getenv("RECORDER_LOG"), *seed = getenv("RECORDER_SEED");
  if (!folder || !log) return;
  strncpy(root, folder, sizeof root - 1);
  root_length = strlen(root);
  if (seed) chance ^= strtoull(seed, NULL, 10) * 2654435761ULL;
  log_fd = real_open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
}

static int wanted(const char *path) {
  if (log_fd < 0 || strncmp(path, root, root_length) || (path[root_length] && path[root_length] != '/')) return 0;
  /* The shared memory of the write-ahead log is mapped, and made anew after a power cut. */
  size_t length = strlen(path);
  return length < 4 || strcmp(path + length - 4, "-shm");
}

static void record(int64_t kind, int64_t file, int64_t offset, int64_t token, int64_t flag, const void *bytes,
                   size_t length, const char *second) {
  size_t second_length = second ? strlen(second) : 0;
  int64_t header[7] = { kind, file, offset, token, flag, (int64_t)length, (int64_t)second_length };
  struct iovec parts[3] = { { header, sizeof header }, { (void *)bytes, length }, { (void *)second, second_length } };
  if (real_writev(log_fd, parts, 3) != (ssize_t)(sizeof header + length + second_length)) abort();
}

static void forget(const struct stat *status) {
  for (int i = 0; i < file_count; i++)
    if (files[i].dev == status->st_dev && files[i].ino == status->st_ino) files[i] = files[--file_count];
}

/* A file keeps its number as long as it exists; an inode that is used again gets another. */
static int64_t identify(const struct stat *status) {
  for (int i = 0; i < file_count; i++)
    if (files[i].dev == status->st_dev && files[i].ino == status->st_ino) return files[i].id;
  if (file_count == FILES) abort();
  files[file_count].dev = status->st_dev;
  files[file_count].ino = status->st_ino;
  return files[file_count++].id = ++last_id;
}

/* Node closes by a raw system call, so a number may have passed on to something that is not recorded. */
static int64_t tracked(int fd) {
  struct stat status;
  if (fd < 0 || fd >= FDS || !fds[fd].file || fstat(fd, &status)) return 0;
  return fds[fd].dev == status.st_dev && fds[fd].ino == status.st_ino ? fds[fd].file : 0;
}

static int open_recorded(const char *path, int flags, mode_t mode) {
  if (!wanted(path)) return real_open(path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat before, after;
  int existed = lstat(path, &before) == 0;
  int fd = real_open(path, flags, mode);
  int problem = errno;
  if (fd >= 0 && fd < FDS && fstat(fd, &after) == 0) {
    fds[fd].dev = after.st_dev;
    fds[fd].ino = after.st_ino;
    if (!strcmp(path + root_length, "/claims")) fds[fd].file = CLAIMS;
    else {
      fds[fd].file = identify(&after);
      record(OPEN, fds[fd].file, S_ISDIR(after.st_mode), 0, !existed, path, strlen(path), NULL);
      if (existed && (flags & O_TRUNC)) record(TRUNCATE, fds[fd].file, 0, 0, 0, NULL, 0, NULL);
    }
  }
  pthread_mutex_unlock(&lock);
  errno = problem;
  return fd;
}

static mode_t mode_of(int flags, va_list rest) {
  return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(rest, int) : 0;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  find_open();
  return open_recorded(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  find_open();
  return open_recorded(path, flags | O_LARGEFILE, mode);
}

int close(int fd) {
  find_close();
  if (fd >= 0 && fd < FDS) fds[fd].file = 0;
  return real_close(fd);
}

static ssize_t write_recorded(int fd, const void *bytes, size_t length, off_t offset) {
  pthread_mutex_lock(&lock);
  int64_t file = tracked(fd);
  off_t at = offset;
  struct stat status;
  if (at < 0) at = fcntl(fd, F_GETFL) & O_APPEND && fstat(fd, &status) == 0 ? status.st_size : lseek(fd, 0, SEEK_CUR);
  ssize_t written = offset < 0 ? real_write(fd, bytes, length) : real_pwrite(fd, bytes, length, offset);
  int problem = errno;
  if (written > 0) record(file == CLAIMS ? CLAIM : WRITE, file, at, 0, 0, bytes, (size_t)written, NULL);
  pthread_mutex_unlock(&lock);
  errno = problem;
  return written;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  find_write();
  return tracked(fd) ? write_recorded(fd, bytes, length, -1) : real_write(fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  find_pwrite();
  return tracked(fd) ? write_recorded(fd, bytes, length, offset) : real_pwrite(fd, bytes, length, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) { return pwrite(fd, bytes, length, offset); }

/* Of several buffers the first is written alone: callers must cope with a short write. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
  find_writev();
  return tracked(fd) ? write_recorded(fd, parts[0].iov_base, parts[0].iov_len, -1) : real_writev(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  find_pwritev();
  if (!tracked(fd)) return real_pwritev(fd, parts, count, offset);
  return write_recorded(fd, parts[0].iov_base, parts[0].iov_len, offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) {
  return pwritev(fd, parts, count, offset);
}

int ftruncate(int fd, off_t size) {
  find_ftruncate();
  if (!tracked(fd)) return real_ftruncate(fd, size);
  pthread_mutex_lock(&lock);
  int result = real_ftruncate(fd, size);
  int problem = errno;
  if (result == 0) record(TRUNCATE, tracked(fd), size, 0, 0, NULL, 0, NULL);
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

int rename(const char *from, const char *to) {
  find_rename();
  if (!wanted(from) && !wanted(to)) return real_rename(from, to);
  pthread_mutex_lock(&lock);
  struct stat replaced;
  int replaces = lstat(to, &replaced) == 0;
  int result = real_rename(from, to);
  int problem = errno;
  if (result == 0) {
    if (replaces && replaced.st_nlink == 1) forget(&replaced);
    record(RENAME, 0, 0, 0, 0, from, strlen(from), to);
  }
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

int link(const char *from, const char *to) {
  find_link();
  if (!wanted(from) && !wanted(to)) return real_link(from, to);
  pthread_mutex_lock(&lock);
  int result = real_link(from, to);
  int problem = errno;
  if (result == 0) record(LINK, 0, 0, 0, 0, from, strlen(from), to);
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

/* The C library has four ways to take a name away. */
enum way { BY_UNLINK, BY_UNLINKAT, BY_REMOVE, BY_RMDIR };

static int take_away(enum way way, int folder, const char *path, int flags) {
  if (way == BY_UNLINK) return real_unlink(path);
  if (way == BY_UNLINKAT) return real_unlinkat(folder, path, flags);
  return way == BY_REMOVE ? real_remove(path) : real_rmdir(path);
}

static int take_away_recorded(enum way way, int folder, const char *path, int flags) {
  char whole[8192];
  const char *named = path;
  if (folder != AT_FDCWD && path[0] != '/') {
    char place[64];
    snprintf(place, sizeof place, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(place, whole, 4096);
    if (length > 0) {
      snprintf(whole + length, sizeof whole - (size_t)length, "/%s", path);
      named = whole;
    }
  }
  if (!wanted(named)) return take_away(way, folder, path, flags);
  pthread_mutex_lock(&lock);
  struct stat status;
  int known = lstat(named, &status) == 0;
  int result = take_away(way, folder, path, flags);
  int problem = errno;
  if (result == 0) {
    if (known && (S_ISDIR(status.st_mode) || status.st_nlink == 1)) forget(&status);
    record(UNLINK, 0, 0, 0, 0, named, strlen(named), NULL);
  }
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

int unlink(const char *path) {
  find_unlink();
  return take_away_recorded(BY_UNLINK, AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char *path, int flags) {
  find_unlinkat();
  return take_away_recorded(BY_UNLINKAT, folder, path, flags);
}

int remove(const char *path) {
  find_remove();
  return take_away_recorded(BY_REMOVE, AT_FDCWD, path, 0);
}

int rmdir(const char *path) {
  find_rmdir();
  return take_away_recorded(BY_RMDIR, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode) {
  find_mkdir();
  if (!wanted(path)) return real_mkdir(path, mode);
  pthread_mutex_lock(&lock);
  struct stat status;
  int result = real_mkdir(path, mode);
  int problem = errno;
  if (result == 0 && lstat(path, &status) == 0)
    record(MAKE_FOLDER, identify(&status), 0, 0, 0, path, strlen(path), NULL);
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

/* Most syncs are short, some take as long as a busy disk's. */
static void take_time(void) {
  chance ^= chance << 13;
  chance ^= chance >> 7;
  chance ^= chance << 17;
  uint64_t microseconds = chance % 8 ? chance / 8 % 2000 : chance / 8 % 8000;
  struct timespec pause = { 0, (long)(microseconds * 1000) };
  nanosleep(&pause, NULL);
}

static int sync_recorded(int fd) {
  pthread_mutex_lock(&lock);
  int64_t file = tracked(fd), token = ++last_token;
  record(SYNC_BEGIN, file, 0, token, 0, NULL, 0, NULL);
  pthread_mutex_unlock(&lock);
  take_time();
  pthread_mutex_lock(&lock);
  record(SYNC_END, file, 0, token, 0, NULL, 0, NULL);
  pthread_mutex_unlock(&lock);
  return 0;
}

int fsync(int fd) {
  find_fsync();
  return tracked(fd) ? sync_recorded(fd) : real_fsync(fd);
}

int fdatasync(int fd) {
  find_fdatasync();
  return tracked(fd) ? sync_recorded(fd) : real_fdatasync(fd);
}
