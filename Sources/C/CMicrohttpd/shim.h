#pragma once
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// glibc names it only for GNU sources.
enum { CURLEW_POLLRDHUP = 0x2000 };

// The target as it came: nothing is unescaped, since an escaped slash is part of a segment.
static size_t curlew_mhd_keep_escapes(
    void *context, struct MHD_Connection *connection, char *text) {
  (void)context;
  (void)connection;
  return strlen(text);
}

// A daemon without a thread of its own, over a socket that listens already. `MHD_start_daemon` is
// variadic.
static inline struct MHD_Daemon *curlew_mhd_start(
    int socket, unsigned int connections, unsigned int idle_seconds, size_t memory, void *context,
    MHD_AccessHandlerCallback access, MHD_RequestCompletedCallback completed,
    void *(*target)(void *, const char *, struct MHD_Connection *),
    MHD_NotifyConnectionCallback connection) {
  return MHD_start_daemon(
      MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, access, context,
      MHD_OPTION_LISTEN_SOCKET, socket,
      MHD_OPTION_CONNECTION_LIMIT, connections,
      MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
      MHD_OPTION_NOTIFY_COMPLETED, completed, context,
      MHD_OPTION_URI_LOG_CALLBACK, target, context,
      MHD_OPTION_NOTIFY_CONNECTION, connection, context,
      MHD_OPTION_UNESCAPE_CALLBACK, curlew_mhd_keep_escapes, NULL,
      MHD_OPTION_END);
}

static inline int curlew_mhd_epoll(struct MHD_Daemon *daemon) {
  return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

static inline int curlew_mhd_socket(struct MHD_Connection *connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static inline void *curlew_mhd_context(struct MHD_Connection *connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

// Milliseconds until the daemon has something to do by itself, or -1.
static inline int curlew_mhd_timeout(struct MHD_Daemon *daemon) {
  MHD_UNSIGNED_LONG_LONG milliseconds = 0;
  if (MHD_get_timeout(daemon, &milliseconds) != MHD_YES) return -1;
  return milliseconds > 1000 ? 1000 : (int)milliseconds;
}

// A response over memory that `release(owner)` frees.
static inline struct MHD_Response *curlew_mhd_response(
    const void *bytes, size_t count, void (*release)(void *), void *owner) {
  return MHD_create_response_from_buffer_with_free_callback_cls(
      count, (void *)bytes, release, owner);
}

static inline struct MHD_Response *curlew_mhd_empty_response(void) {
  return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
}

// Without a length and without chunks, as an answer to HEAD that stands for a stream: libmicrohttpd
// would send the last chunk of the body that HEAD has not. The connection ends with it.
static inline void curlew_mhd_no_framing(struct MHD_Response *response) {
  MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}

// A dead peer that does not answer our packets is given up after this time; unsent bytes in the
// kernel stay few.
static inline void curlew_tune_connection(int socket, int give_up, int unsent_bytes) {
  setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up, sizeof give_up);
  setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes, sizeof unsent_bytes);
}
