#include "CConsole.h"

const unsigned char curlew_index_html[] = {
#embed "../../../web/index.html"
};
const size_t curlew_index_html_size = sizeof curlew_index_html;
