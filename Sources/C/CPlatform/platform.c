#define _GNU_SOURCE
#include "CPlatform.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <unistd.h>

ssize_t curlew_read_cached(int fd, void *buffer, size_t length, off_t offset) {
  struct iovec piece = {buffer, length};
  return preadv2(fd, &piece, 1, offset, RWF_NOWAIT);
}

int curlew_open(const char *path, int flags, bool direct) {
  return open(path, flags | O_CLOEXEC | (direct ? O_DIRECT : 0), 0644);
}

uint64_t curlew_random(void) {
  uint64_t value;
  while (getrandom(&value, sizeof value, 0) != sizeof value) {}
  return value;
}

uint64_t curlew_filesystem_magic(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 ? (uint64_t)status.f_type & 0xFFFFFFFFu : 0;
}

int curlew_next_signal(int fd) {
  struct signalfd_siginfo info;
  while (read(fd, &info, sizeof info) != sizeof info) {}
  return (int)info.ssi_signo;
}

#ifndef STATX_DIOALIGN
#define STATX_DIOALIGN 0x00002000U
#endif

// The kernel's own layout; glibc of Debian 12 does not name the two alignment fields yet.
struct kernel_statx {
  uint32_t mask, blksize;
  uint64_t attributes;
  uint32_t nlink, uid, gid;
  uint16_t mode, spare0;
  uint64_t ino, size, blocks, attributes_mask;
  uint64_t times[8];
  uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
  uint64_t mnt_id;
  uint32_t dio_mem_align, dio_offset_align;
  uint64_t spare[12];
};

int curlew_direct_alignment(int fd, uint32_t *memory, uint32_t *offset) {
  struct kernel_statx status;
  memset(&status, 0, sizeof status);
  if (syscall(SYS_statx, fd, "", 0x1000 /* AT_EMPTY_PATH */, STATX_DIOALIGN, &status) != 0) return -1;
  if (!(status.mask & STATX_DIOALIGN)) {  // Kernels before 6.1 do not say; the probe's write decides.
    *memory = 4096;
    *offset = 4096;
    return 0;
  }
  *memory = status.dio_mem_align;
  *offset = status.dio_offset_align;
  return 0;
}

int curlew_set_thread_name(const char *name) { return pthread_setname_np(pthread_self(), name); }

int curlew_sync_filesystem(int fd) { return syncfs(fd); }

#ifndef RWF_DONTCACHE
#define RWF_DONTCACHE 0x00000080
#endif

ssize_t curlew_write_passing(int fd, const void *bytes, size_t length, off_t offset) {
  struct iovec piece = {(void *)bytes, length};
  ssize_t put = pwritev2(fd, &piece, 1, offset, RWF_DONTCACHE);
  if (put >= 0 || (errno != EOPNOTSUPP && errno != EINVAL)) return put;
  put = pwrite(fd, bytes, length, offset);
  if (put > 0) (void)sync_file_range(fd, offset, put, SYNC_FILE_RANGE_WRITE);
  return put;
}

int curlew_signal_fd(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0) return -1;
  signal(SIGPIPE, SIG_IGN);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

int curlew_send_datagram(const char *address, const void *bytes, size_t length) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  size_t name = strlen(address);
  if ((address[0] != '/' && address[0] != '@') || name < 2) {
    errno = EAFNOSUPPORT;
    return -1;
  }
  if (name >= sizeof to.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(to.sun_path, address, name);
  // The name of an abstract socket begins with a zero, and has as many bytes as the address says.
  if (address[0] == '@') to.sun_path[0] = 0;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + name);
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  ssize_t sent = sendto(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&to, size);
  int error = errno;
  close(fd);
  errno = error;
  return sent == (ssize_t)length ? 0 : -1;
}

// jemalloc reads it where the executable links it: few arenas for few threads, and freed pages go back soon.
const char *malloc_conf = "narenas:2,dirty_decay_ms:5000,muzzy_decay_ms:0,oversize_threshold:0";
