#include "CPlatform.h"
#include <string.h>

// Table form for processors without the instruction, and the reference that tests hold the other against.
static uint32_t table[256];

__attribute__((constructor)) static void build_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? (c >> 1) ^ 0x82F63B78u : c >> 1;
    table[i] = c;
  }
}

static uint32_t software(uint32_t crc, const uint8_t *p, size_t n) {
  for (size_t i = 0; i < n; i++) crc = table[(crc ^ p[i]) & 0xFF] ^ (crc >> 8);
  return crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t hardware(uint32_t crc, const uint8_t *p, size_t n) {
  uint64_t c = crc;
  for (; n >= 8; n -= 8, p += 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    c = _mm_crc32_u64(c, word);
  }
  for (; n > 0; n--, p++) c = _mm_crc32_u8((uint32_t)c, *p);
  return (uint32_t)c;
}

__attribute__((target("sse4.2"))) static void hardware_three(const uint8_t *a, const uint8_t *b, const uint8_t *c,
                                                              size_t n, uint32_t out[3]) {
  uint64_t x = 0xFFFFFFFFu, y = 0xFFFFFFFFu, z = 0xFFFFFFFFu;
  size_t whole = n & ~(size_t)7;
  for (size_t i = 0; i < whole; i += 8) {
    uint64_t u, v, w;
    memcpy(&u, a + i, 8);
    memcpy(&v, b + i, 8);
    memcpy(&w, c + i, 8);
    x = _mm_crc32_u64(x, u);
    y = _mm_crc32_u64(y, v);
    z = _mm_crc32_u64(z, w);
  }
  out[0] = ~hardware((uint32_t)x, a + whole, n - whole);
  out[1] = ~hardware((uint32_t)y, b + whole, n - whole);
  out[2] = ~hardware((uint32_t)z, c + whole, n - whole);
}

static bool has_instruction(void) { return __builtin_cpu_supports("sse4.2"); }
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <sys/auxv.h>

__attribute__((target("+crc"))) static uint32_t hardware(uint32_t crc, const uint8_t *p, size_t n) {
  for (; n >= 8; n -= 8, p += 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    crc = __crc32cd(crc, word);
  }
  for (; n > 0; n--, p++) crc = __crc32cb(crc, *p);
  return crc;
}

static void hardware_three(const uint8_t *a, const uint8_t *b, const uint8_t *c, size_t n, uint32_t out[3]) {
  out[0] = ~hardware(0xFFFFFFFFu, a, n);
  out[1] = ~hardware(0xFFFFFFFFu, b, n);
  out[2] = ~hardware(0xFFFFFFFFu, c, n);
}

static bool has_instruction(void) { return getauxval(AT_HWCAP) & (1 << 7); }
#else
static uint32_t hardware(uint32_t crc, const uint8_t *p, size_t n) { return software(crc, p, n); }
static void hardware_three(const uint8_t *a, const uint8_t *b, const uint8_t *c, size_t n, uint32_t out[3]) {
  out[0] = ~software(~0u, a, n);
  out[1] = ~software(~0u, b, n);
  out[2] = ~software(~0u, c, n);
}
static bool has_instruction(void) { return false; }
#endif

static bool fast;
__attribute__((constructor)) static void choose(void) { fast = has_instruction(); }

uint32_t curlew_crc32c(uint32_t crc, const void *data, size_t length) {
  crc = ~crc;
  return ~(fast ? hardware(crc, data, length) : software(crc, data, length));
}

void curlew_crc32c_three(const void *a, const void *b, const void *c, size_t length, uint32_t out[3]) {
  if (fast) return hardware_three(a, b, c, length, out);
  out[0] = ~software(~0u, a, length);
  out[1] = ~software(~0u, b, length);
  out[2] = ~software(~0u, c, length);
}
