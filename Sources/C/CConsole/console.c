#include "CConsole.h"

static const unsigned char index_html[] = {
#embed "../../../web/index.html"
};

static const curlew_console_file files[] = {
    {"index.html", "text/html; charset=utf-8", index_html, sizeof index_html},
};

size_t curlew_console_file_count(void) { return sizeof files / sizeof files[0]; }

curlew_console_file curlew_console_file_at(size_t index) { return files[index]; }
