#pragma once
// libcurl, loaded by the first client that is made. Linked, it would cost every start of the program
// 4 ms of processor time and 0.7 MB of memory for the libraries behind it, whether it is used or not.
#include <curl/curl.h>
#include <stdbool.h>

// Loads libcurl, once. NULL, or why that is not possible.
const char *curlew_curl_load(void);

// What follows may be called once libcurl is loaded.

CURL *curlew_curl_create(void);
void curlew_curl_destroy(CURL *handle);
void curlew_curl_reset(CURL *handle);
// `curl_easy_setopt`, which is variadic, for each kind of value. False where it is refused.
bool curlew_curl_set_number(CURL *handle, CURLoption option, long value);
bool curlew_curl_set_size(CURL *handle, CURLoption option, curl_off_t value);
bool curlew_curl_set_text(CURL *handle, CURLoption option, const char *value);
bool curlew_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
// What is called for received header lines, for received bytes and for bytes to send.
typedef size_t (*curlew_curl_callback)(char *bytes, size_t size, size_t count, void *context);
bool curlew_curl_set_callbacks(
    CURL *handle, void *context, curlew_curl_callback header, curlew_curl_callback received,
    curlew_curl_callback wanted);
const char *curlew_curl_reason(CURLcode code);

struct curl_slist *curlew_curl_append(struct curl_slist *list, const char *text);
void curlew_curl_free_list(struct curl_slist *list);

CURLM *curlew_curl_multi_create(void);
void curlew_curl_multi_destroy(CURLM *multi);
bool curlew_curl_multi_add(CURLM *multi, CURL *handle);
void curlew_curl_multi_remove(CURLM *multi, CURL *handle);
// Does what can be done without waiting. False where libcurl gives up.
bool curlew_curl_multi_step(CURLM *multi);
// Waits until something can be done, until woken, or for so many milliseconds.
bool curlew_curl_multi_wait(CURLM *multi, int milliseconds);
// Ends a wait; from any thread.
void curlew_curl_multi_wake(CURLM *multi);
// Whether a transfer is over, and how it ended.
bool curlew_curl_multi_next(CURLM *multi, CURLcode *result);
