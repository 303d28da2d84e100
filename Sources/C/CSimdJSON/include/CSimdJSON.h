#pragma once
// simdjson's first stage behind C: it finds where the tokens of a JSON text begin and checks its
// UTF-8, that strings close, and that no control character stands in one. The grammar is for the
// caller to check.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct curlew_json_stage curlew_json_stage;

typedef enum : int {
  CURLEW_JSON_INDEXED,
  // Not UTF-8, a string that does not close, or a control character in a string.
  CURLEW_JSON_DAMAGED,
  // Longer than the stage was told to be ready for.
  CURLEW_JSON_TOO_LARGE,
} curlew_json_result;

// A stage of the best implementation for this processor, or of the one named (NULL where this
// processor has it not).
curlew_json_stage *curlew_json_stage_create(const char *implementation);
void curlew_json_stage_destroy(curlew_json_stage *stage);
// Makes room for the index of a text of `capacity` bytes, 4 bytes each, and lets go of the room it
// had.
bool curlew_json_stage_reserve(curlew_json_stage *stage, size_t capacity);
// Indexes `text`, of which no byte behind `length` is read. `positions` then holds `count`
// ascending offsets and, behind them, `length`; they stay until the stage is used again. A blank
// text has none.
curlew_json_result curlew_json_stage_index(
  curlew_json_stage *stage, const uint8_t *text, size_t length, const uint32_t **positions,
  size_t *count);

// A stage of the calling thread's own, ready for CURLEW_JSON_SMALL bytes; NULL without memory.
enum { CURLEW_JSON_SMALL = 16384 };
curlew_json_stage *curlew_json_thread_stage(void);

bool curlew_json_is_utf8(const uint8_t *text, size_t length);
// The implementation that was picked for this processor: "haswell", "arm64" and so on.
const char *curlew_json_implementation(void);

// Where `byte` first stands in `length` bytes; `length` where it does not.
static inline size_t curlew_json_find(const uint8_t *text, size_t length, uint8_t byte) {
  const uint8_t *hit = length == 0 ? NULL : (const uint8_t *)memchr(text, byte, length);
  return hit ? (size_t)(hit - text) : length;
}

#ifdef __cplusplus
}
#endif
