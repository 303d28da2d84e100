#include "CConsole.h"

static const unsigned char index_html[] = {
#embed "../../../web/index.html"
};
static const unsigned char docs_html[] = {
#embed "../../../web/docs.html"
};
static const unsigned char openapi_yaml[] = {
#embed "../../../openapi/curlew.yaml"
};
static const unsigned char openapi_json[] = {
#embed "../../../openapi/curlew.json"
};

static const curlew_console_file files[] = {
    {"/console/index.html", "text/html; charset=utf-8", index_html, sizeof index_html},
    {"/docs", "text/html; charset=utf-8", docs_html, sizeof docs_html},
    {"/openapi.yaml", "application/yaml", openapi_yaml, sizeof openapi_yaml},
    {"/openapi.json", "application/json", openapi_json, sizeof openapi_json},
};

size_t curlew_console_file_count(void) { return sizeof files / sizeof files[0]; }

curlew_console_file curlew_console_file_at(size_t index) { return files[index]; }
