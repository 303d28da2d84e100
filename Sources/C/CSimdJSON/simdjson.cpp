#include "CSimdJSON.h"

#include <memory>
#include <new>
#include <simdjson.h>

struct curlew_json_stage {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

// Stage 1 keeps no stack, so the parser's own depth is the least it takes.
static const size_t DEPTH = 1;
static const size_t FIRST_CAPACITY = 4096;

static bool create(
  curlew_json_stage &stage, const simdjson::implementation *implementation, size_t capacity) {
  auto error = implementation->create_dom_parser_implementation(capacity, DEPTH, stage.parser);
  return error == simdjson::SUCCESS;
}

static const simdjson::implementation *named(const char *name) {
  if (name == nullptr) return simdjson::get_active_implementation();
  for (auto candidate : simdjson::get_available_implementations())
    if (candidate->name() == name && candidate->supported_by_runtime_system()) return candidate;
  return nullptr;
}

curlew_json_stage *curlew_json_stage_create(const char *name) {
  auto implementation = named(name);
  if (implementation == nullptr) return nullptr;
  auto stage = new (std::nothrow) curlew_json_stage;
  if (stage != nullptr && create(*stage, implementation, FIRST_CAPACITY)) return stage;
  delete stage;
  return nullptr;
}

void curlew_json_stage_destroy(curlew_json_stage *stage) { delete stage; }

bool curlew_json_stage_reserve(curlew_json_stage *stage, size_t capacity) {
  return stage->parser->set_capacity(capacity) == simdjson::SUCCESS;
}

// Whether the text ends within a character. It is not UTF-8 then, and the implementation without
// vectors would read up to three bytes behind it.
static bool ends_within_character(const uint8_t *text, size_t length) {
  return (length > 0 && text[length - 1] >= 0xC0) || (length > 1 && text[length - 2] >= 0xE0) ||
    (length > 2 && text[length - 3] >= 0xF0);
}

curlew_json_result curlew_json_stage_index(
  curlew_json_stage *stage, const uint8_t *text, size_t length, const uint32_t **positions,
  size_t *count) {
  auto &parser = *stage->parser;
  if (length > parser.capacity()) return CURLEW_JSON_TOO_LARGE;
  if (ends_within_character(text, length)) return CURLEW_JSON_DAMAGED;
  auto error = parser.stage1(text, length, simdjson::stage1_mode::regular);
  *positions = parser.structural_indexes.get();
  if (error == simdjson::EMPTY) {
    parser.structural_indexes[0] = (uint32_t)length;
    *count = 0;
    return CURLEW_JSON_INDEXED;
  }
  if (error != simdjson::SUCCESS) return CURLEW_JSON_DAMAGED;
  *count = parser.n_structural_indexes;
  return CURLEW_JSON_INDEXED;
}

curlew_json_stage *curlew_json_thread_stage(void) {
  static thread_local curlew_json_stage stage;
  if (stage.parser) return &stage;
  return create(stage, simdjson::get_active_implementation(), CURLEW_JSON_SMALL) ? &stage : nullptr;
}

bool curlew_json_is_utf8(const uint8_t *text, size_t length) {
  return simdjson::validate_utf8((const char *)text, length);
}

const char *curlew_json_implementation(void) {
  static const std::string name = simdjson::get_active_implementation()->name();
  return name.c_str();
}
