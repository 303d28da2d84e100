#pragma once
// What Swift cannot say by itself: CRC-32C in hardware, unaligned loads and stores, and the system calls
// whose headers do not import.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// CRC-32C (Castagnoli) of `length` bytes, continuing from `crc` (0 to begin).
uint32_t curlew_crc32c(uint32_t crc, const void *data, size_t length);
// The same of three equally long pieces at once: three independent chains fill the processor's pipeline.
void curlew_crc32c_three(const void *a, const void *b, const void *c, size_t length, uint32_t out[3]);

// `preadv2` with RWF_NOWAIT: what is in the page cache, or -1 with EAGAIN.
ssize_t curlew_read_cached(int fd, void *buffer, size_t length, off_t offset);
// `open` with O_CLOEXEC, and with O_DIRECT where `direct`.
int curlew_open(const char *path, int flags, bool direct);
uint64_t curlew_random(void);
// The file system's magic number (`statfs`); 0 on failure, with errno set.
uint64_t curlew_filesystem_magic(const char *path);
// Alignments that direct I/O on this file needs; 0 where the file system refuses it.
int curlew_direct_alignment(int fd, uint32_t *memory, uint32_t *offset);
int curlew_set_thread_name(const char *name);
int curlew_sync_filesystem(int fd);
// `pwrite` of what is not read soon: the device begins at once, and the page cache lets go of it then
// (RWF_DONTCACHE, Linux 6.14). Where the file system cannot, only the writing begins at once.
ssize_t curlew_write_passing(int fd, const void *bytes, size_t length, off_t offset);
// A signalfd for SIGTERM, SIGINT and SIGHUP, which it blocks in the calling thread; -1 on failure.
int curlew_signal_fd(void);
// Sleeps until a signal comes through the descriptor; its number.
int curlew_next_signal(int fd);
// Sends one datagram to the Unix socket of that path, or, behind an `@`, of that name in the abstract
// namespace, without waiting; -1 on failure.
int curlew_send_datagram(const char *address, const void *bytes, size_t length);
// Tells the processor that this thread waits in a loop.
static inline void curlew_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
