#pragma once
#include <stddef.h>

// The files of `web/` and `openapi/` that the server shows, embedded when this target is compiled.
typedef struct {
  const char *path;  // as in a URL: "/console/index.html"
  const char *type;  // its media type
  const unsigned char *bytes;
  size_t size;
} curlew_console_file;

size_t curlew_console_file_count(void);
// The file at `index`, which is below the count.
curlew_console_file curlew_console_file_at(size_t index);
