#pragma once
#include <stddef.h>

// The files of `web/`, embedded when this file is compiled.
extern const unsigned char curlew_index_html[];
extern const size_t curlew_index_html_size;
