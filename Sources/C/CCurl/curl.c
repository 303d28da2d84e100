#include "CCurl.h"
#include <dlfcn.h>
#include <pthread.h>

#define FUNCTIONS(F)                                                                               \
  F(curl_global_init)                                                                              \
  F(curl_easy_init)                                                                                \
  F(curl_easy_cleanup)                                                                             \
  F(curl_easy_reset)                                                                               \
  F(curl_easy_setopt)                                                                              \
  F(curl_easy_strerror)                                                                            \
  F(curl_slist_append)                                                                             \
  F(curl_slist_free_all)                                                                           \
  F(curl_multi_init)                                                                               \
  F(curl_multi_cleanup)                                                                            \
  F(curl_multi_add_handle)                                                                         \
  F(curl_multi_remove_handle)                                                                      \
  F(curl_multi_perform)                                                                            \
  F(curl_multi_poll)                                                                               \
  F(curl_multi_wakeup)                                                                             \
  F(curl_multi_info_read)

// The header checks types through macros of the functions' names, which would get in the way.
#undef curl_easy_setopt

#define POINTER(name) static __typeof__(name) *name##_;
FUNCTIONS(POINTER)

static const char *failure;

static void load(void) {
  // Either build of it has all that is needed here; a system rarely has both.
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    failure = "libcurl.so.4 cannot be loaded";
    return;
  }
#define FIND(name)                                                                                 \
  name##_ = (__typeof__(name) *)dlsym(library, #name);                                             \
  if (!name##_) {                                                                                  \
    failure = "libcurl is too old: it has no " #name;                                              \
    return;                                                                                        \
  }
  FUNCTIONS(FIND)
  if (curl_global_init_(CURL_GLOBAL_DEFAULT) != CURLE_OK) failure = "libcurl cannot be initialised";
}

const char *curlew_curl_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return failure;
}

CURL *curlew_curl_create(void) { return curl_easy_init_(); }

void curlew_curl_destroy(CURL *handle) { curl_easy_cleanup_(handle); }

void curlew_curl_reset(CURL *handle) { curl_easy_reset_(handle); }

bool curlew_curl_set_number(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt_(handle, option, value) == CURLE_OK;
}

bool curlew_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt_(handle, option, value) == CURLE_OK;
}

bool curlew_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt_(handle, option, value) == CURLE_OK;
}

bool curlew_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt_(handle, option, value) == CURLE_OK;
}

bool curlew_curl_set_callbacks(
    CURL *handle, void *context, curlew_curl_callback header, curlew_curl_callback received,
    curlew_curl_callback wanted) {
  return curl_easy_setopt_(handle, CURLOPT_HEADERDATA, context) == CURLE_OK &&
      curl_easy_setopt_(handle, CURLOPT_WRITEDATA, context) == CURLE_OK &&
      curl_easy_setopt_(handle, CURLOPT_READDATA, context) == CURLE_OK &&
      curl_easy_setopt_(handle, CURLOPT_HEADERFUNCTION, header) == CURLE_OK &&
      curl_easy_setopt_(handle, CURLOPT_WRITEFUNCTION, received) == CURLE_OK &&
      curl_easy_setopt_(handle, CURLOPT_READFUNCTION, wanted) == CURLE_OK;
}

const char *curlew_curl_reason(CURLcode code) { return curl_easy_strerror_(code); }

struct curl_slist *curlew_curl_append(struct curl_slist *list, const char *text) {
  return curl_slist_append_(list, text);
}

void curlew_curl_free_list(struct curl_slist *list) { curl_slist_free_all_(list); }

CURLM *curlew_curl_multi_create(void) { return curl_multi_init_(); }

void curlew_curl_multi_destroy(CURLM *multi) { curl_multi_cleanup_(multi); }

bool curlew_curl_multi_add(CURLM *multi, CURL *handle) {
  return curl_multi_add_handle_(multi, handle) == CURLM_OK;
}

void curlew_curl_multi_remove(CURLM *multi, CURL *handle) {
  curl_multi_remove_handle_(multi, handle);
}

bool curlew_curl_multi_step(CURLM *multi) {
  int running;
  return curl_multi_perform_(multi, &running) == CURLM_OK;
}

bool curlew_curl_multi_wait(CURLM *multi, int milliseconds) {
  return curl_multi_poll_(multi, NULL, 0, milliseconds, NULL) == CURLM_OK;
}

void curlew_curl_multi_wake(CURLM *multi) { curl_multi_wakeup_(multi); }

bool curlew_curl_multi_next(CURLM *multi, CURLcode *result) {
  int left;
  struct CURLMsg *message = curl_multi_info_read_(multi, &left);
  if (!message || message->msg != CURLMSG_DONE) return false;
  *result = message->data.result;
  return true;
}
