/* A disk that forgets what was not synced: LD_PRELOAD=volatile.so POWERCUT_FOLDER=/data POWERCUT_PLATTER=/platter program
 *
 * Beside the folder lies its platter: what a power cut would leave of it. Only a sync moves anything there, so nothing
 * that writes, maps, truncates or renames needs watching: at a sync this file looks at what is there by then. After
 * kill -9 of every process the power comes back by putting the platter's `files` in the folder's place.
 *
 * The model, which is the pessimistic side of what file systems promise (fsync(2), and ext4, XFS, Btrfs, F2FS):
 *
 *   fsync, fdatasync of a file      its bytes and its length, whoever wrote them, and the name under which it lies now,
 *                                   with the folders on the way. Its former name stays until the directory is synced.
 *   fsync, fdatasync of a directory its entries: new names, and that old ones are gone. A file with a new name whose
 *                                   bytes were never synced is empty.
 *   msync(MS_SYNC)                  the bytes of the range
 *   writes to an O_SYNC or O_DSYNC file, or with RWF_SYNC or RWF_DSYNC
 *                                   the bytes written
 *   sync_file_range, sync, syncfs, MS_ASYNC, close, the passing of time: nothing
 *
 * A sync that is cut off has moved some of its bytes, in place: torn, as on a disk. Calls that bypass the C library
 * (io_uring, a static program) are not seen: they lose more than they would, never less.
 *
 * Two identities matter. An inode's number is given to another file as soon as it is free, so a file is known by its
 * number and its time of birth; and whoever closes any descriptor of a file drops the process's POSIX locks on it, on
 * which SQLite stands, so a file in use is read through the descriptor that the program itself has.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(long) == 8, "offsets go to the kernel in one register");

#define PATH PATH_MAX
#define WHOLE (-1)

static const char *folder, *platter;

__attribute__((constructor)) static void read_environment(void) {
    if (!getenv("POWERCUT_FOLDER") || !getenv("POWERCUT_PLATTER")) return;
    /* Copied, since Chromium's processes write their titles over their environment. */
    folder = strdup(getenv("POWERCUT_FOLDER"));
    platter = strdup(getenv("POWERCUT_PLATTER"));
}

/* A simulation that fails in silence would be taken for a loss. */
static void insist(int holds, const char *what) {
    if (holds) return;
    dprintf(STDERR_FILENO, "volatile: %s: %s\n", what, strerror(errno));
    abort();
}

__attribute__((format(printf, 2, 3))) static void spell(char *path, const char *format, ...) {
    va_list parts;
    va_start(parts, format);
    errno = ENAMETOOLONG;
    insist(vsnprintf(path, PATH, format, parts) < PATH, format);
    va_end(parts);
}

/* One sync at a time among all threads and processes: each takes the lock by an open file of its own. */
static int lock(void) {
    char path[PATH];
    spell(path, "%s/lock", platter);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    insist(fd >= 0, path);
    while (flock(fd, LOCK_EX)) insist(errno == EINTR, "lock");
    return fd;
}

/* Closing alone is not enough: a child that was forked meanwhile shares the open file. */
static void unlock(int fd) {
    flock(fd, LOCK_UN);
    close(fd);
}

/* The part of a path below the folder ("" for the folder itself); NULL if it lies elsewhere. */
static const char *below(const char *path) {
    size_t length = strlen(folder);
    if (strncmp(path, folder, length)) return NULL;
    return path[length] == '/' ? path + length + 1 : path[length] ? NULL : path + length;
}

/* Where the platter keeps the synced bytes of a file, whatever its names are. */
static void inode_path(char *path, const struct statx *file) {
    spell(path, "%s/inodes/%llx-%llx.%x", platter, (long long)file->stx_ino, (long long)file->stx_btime.tv_sec,
          file->stx_btime.tv_nsec);
}

static int look(int fd, const char *path, struct statx *found) {
    return statx(fd, path, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, found);
}

/* For those who look from outside: writes where a file's synced bytes are, into PATH_MAX bytes. */
void volatile_inode(const char *file, const char *its_platter, char *path) {
    struct statx found;
    platter = its_platter;
    insist(!look(AT_FDCWD, file, &found), file);
    inode_path(path, &found);
    platter = NULL;
}

static int open_inode(const struct statx *file) {
    char path[PATH];
    inode_path(path, file);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    insist(fd >= 0, path);
    return fd;
}

static void make_folders(const char *name, int with_last) {
    char path[PATH];
    spell(path, "%s/files/%s%s", platter, name, with_last ? "/" : "");
    for (char *slash = strchr(path + strlen(platter) + 7, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        insist(!mkdir(path, 0700) || errno == EEXIST, path);
        *slash = '/';
    }
}

static int remove_one(const char *path, const struct stat *found, int kind, struct FTW *depth) {
    return (void)found, (void)kind, (void)depth, remove(path);
}

static void forget(const char *path) {
    insist(!nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS) || errno == ENOENT, path);
}

/* Makes a name on the platter stand for a file: by one rename, so that either the old or the new is there. */
static void give_name(const struct statx *file, const char *name) {
    char inode[PATH], path[PATH], draft[PATH];
    struct stat wanted, found;
    inode_path(inode, file);
    spell(path, "%s/files/%s", platter, name);
    spell(draft, "%s/draft", platter);
    insist(!stat(inode, &wanted), inode);
    if (!lstat(path, &found)) {
        if (found.st_ino == wanted.st_ino) return;
        if (S_ISDIR(found.st_mode)) forget(path);
    }
    unlink(draft);
    insist(!link(inode, draft), inode);
    insist(!rename(draft, path), path);
}

static void keep_file(int fd, const struct statx *file, off_t from, off_t to) {
    char block[16384];
    int in = fd, out = open_inode(file);
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
        spell(block, "/proc/self/fd/%d", fd);
        in = open(block, O_RDONLY | O_CLOEXEC);
        insist(in >= 0, block);
    }
    off_t at = from == WHOLE ? 0 : from;
    for (ssize_t count = 1; count > 0; at += count) {
        size_t most = from == WHOLE || to - at > (off_t)sizeof block ? sizeof block : (size_t)(to - at);
        count = pread(in, block, most, at);
        insist(count >= 0 && pwrite(out, block, count, at) == count, "keeping a file");
    }
    if (from == WHOLE) insist(!ftruncate(out, at), "keeping a length");
    if (in != fd) close(in);
    close(out);
}

static void keep_entry(const char *path, const char *name) {
    struct statx found;
    char kept[PATH], target[PATH] = "";
    if (look(AT_FDCWD, path, &found)) return;
    if (S_ISREG(found.stx_mode)) {
        close(open_inode(&found));
        give_name(&found, name);
    } else if (S_ISDIR(found.stx_mode)) {
        make_folders(name, 1);
    } else if (S_ISLNK(found.stx_mode) && readlink(path, target, sizeof target - 1) > 0) {
        spell(kept, "%s/files/%s", platter, name);
        forget(kept);
        insist(!symlink(target, kept), kept);
    }
}

/* Walks over a directory's entries: those of the folder are kept, those of the platter that are gone forgotten. */
static int walk(const char *name, int forgetting) {
    char directory[PATH], path[PATH], other[PATH], below_name[PATH];
    int changes = 0;
    spell(directory, "%s/%s%s", forgetting ? platter : folder, forgetting ? "files/" : "", name);
    DIR *entries = opendir(directory);
    if (!entries) return 0;
    for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        spell(below_name, "%s%s%s", name, *name ? "/" : "", entry->d_name);
        spell(path, "%s/%s", folder, below_name);
        if (!forgetting) {
            keep_entry(path, below_name);
        } else if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW)) {
            spell(other, "%s/files/%s", platter, below_name);
            forget(other);
            changes++;
        }
    }
    closedir(entries);
    return changes;
}

static void keep_directory(const char *name) {
    if (*name) make_folders(name, 1);
    walk(name, 0);
    /* What was renamed between the two looks is gone under its old name and was not yet seen under the new one. */
    if (walk(name, 1)) walk(name, 0);
}

/* A descriptor was synced: all of it, or the bytes from one place up to another. False if it is none of ours. */
static int synced(int fd, off_t from, off_t to) {
    char link_path[PATH], path[PATH];
    struct statx file;
    if (!folder) return 0;
    spell(link_path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link_path, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    const char *name = below(path);
    if (!name || look(fd, "", &file)) return 0;
    if (!file.stx_nlink || (!S_ISREG(file.stx_mode) && !S_ISDIR(file.stx_mode))) return 1;
    int held = lock();
    if (S_ISDIR(file.stx_mode)) {
        keep_directory(name);
    } else {
        keep_file(fd, &file, from, to);
        make_folders(name, 0);
        give_name(&file, name);
    }
    unlock(held);
    return 1;
}

static int sync_call(long call, int fd) {
    int before = errno, ours = synced(fd, WHOLE, WHOLE);
    errno = before;
    /* What is ours need not go to the true disk, too. */
    return ours ? 0 : (int)syscall(call, fd);
}

int fsync(int fd) { return sync_call(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_call(SYS_fdatasync, fd); }

int msync(void *start, size_t length, int flags) {
    int before = errno;
    FILE *maps = folder && (flags & MS_SYNC) ? fopen("/proc/self/maps", "re") : NULL;
    char line[PATH], *at = start, *end = at + length;
    while (maps && fgets(line, sizeof line, maps)) {
        char *first, *last, *path = strchr(line, '/'), shared;
        long offset;
        struct statx file;
        if (sscanf(line, "%p-%p %*c%*c%*c%c %lx", (void **)&first, (void **)&last, &shared, &offset) < 4) continue;
        if (!path || shared != 's' || last <= at || first >= end) continue;
        path[strcspn(path, "\n")] = 0;
        const char *name = below(path);
        if (!name || look(AT_FDCWD, path, &file)) continue;
        char *from = first > at ? first : at, *to = last < end ? last : end;
        off_t place = offset + (from - first);
        off_t count = (off_t)file.stx_size - place < to - from ? (off_t)file.stx_size - place : to - from;
        int held = lock(), out = open_inode(&file);
        insist(count <= 0 || pwrite(out, from, count, place) == count, "keeping a mapping");
        close(out);
        make_folders(name, 0);
        give_name(&file, name);
        unlock(held);
    }
    if (maps) fclose(maps);
    errno = before;
    return (int)syscall(SYS_msync, start, length, flags);
}

/* What a write answered; `end` is where it ended, if that is known. */
static ssize_t wrote(int fd, ssize_t count, off_t end, int flags) {
    if (count <= 0 || !folder) return count;
    int before = errno;
    if ((flags & (RWF_SYNC | RWF_DSYNC)) || (fcntl(fd, F_GETFL) & O_DSYNC)) {
        if (end < 0) end = lseek(fd, 0, SEEK_CUR);
        if (end >= count) synced(fd, end - count, end);
    }
    errno = before;
    return count;
}

ssize_t write(int fd, const void *bytes, size_t n) { return wrote(fd, syscall(SYS_write, fd, bytes, n), -1, 0); }
ssize_t writev(int fd, const struct iovec *v, int n) { return wrote(fd, syscall(SYS_writev, fd, v, n), -1, 0); }

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    ssize_t done = syscall(SYS_pwrite64, fd, bytes, count, at);
    return wrote(fd, done, at + done, 0);
}

ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t at, int flags) {
    ssize_t done = syscall(SYS_pwritev2, fd, parts, count, at, 0L, flags);
    return wrote(fd, done, at < 0 ? -1 : at + done, flags);
}

ssize_t pwritev64(int fd, const struct iovec *v, int n, off64_t at) { return pwritev64v2(fd, v, n, at, 0); }

ssize_t pwrite(int, const void *, size_t, off_t) __attribute__((alias("pwrite64")));
ssize_t pwritev(int, const struct iovec *, int, off_t) __attribute__((alias("pwritev64")));
ssize_t pwritev2(int, const struct iovec *, int, off_t, int) __attribute__((alias("pwritev64v2")));
