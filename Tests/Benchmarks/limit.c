// The limit: what a server can do at most that reads a produce request with libmicrohttpd and answers
// it. It has the product's loop shape and nothing behind it: one daemon a loop with external epoll,
// SO_REUSEPORT, 16 KiB of memory a connection; the body is gathered whole, the answer has the size and
// the headers of the product's. Nothing is parsed, kept or synced.
//
// limit [LOOPS]    prints `listening on http://127.0.0.1:PORT`; ends when it is killed.
#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
  CONNECTION_MEMORY = 16 * 1024,
  // A body over this is taken for the envelope of a hundred records, without looking into it.
  BATCH_BODY = 4096,
  BATCH_RECORDS = 100,
};

struct answer {
  char *text;
  size_t length;
};

static struct answer one_offset, hundred_offsets;

// A request: its body, gathered in a buffer that grows as it comes.
struct exchange {
  char *body;
  size_t length, capacity;
};

static struct answer make_answer(int records) {
  static const char offset[] =
      "{\"partition\":0,\"offset\":123456,\"error_code\":null,\"error\":null}";
  static const char end[] = "],\"key_schema_id\":null,\"value_schema_id\":null}";
  char *text = malloc((size_t)records * sizeof offset + sizeof end + 16);
  size_t length = (size_t)sprintf(text, "{\"offsets\":[");
  for (int i = 0; i < records; i++)
    length += (size_t)sprintf(text + length, "%s%s", i ? "," : "", offset);
  length += (size_t)sprintf(text + length, "%s", end);
  return (struct answer){text, length};
}

static void gather(struct exchange *exchange, const char *data, size_t size) {
  size_t needed = exchange->length + size;
  if (needed > exchange->capacity) {
    exchange->capacity = needed > 2 * exchange->capacity ? needed : 2 * exchange->capacity;
    exchange->body = realloc(exchange->body, exchange->capacity);
    if (exchange->body == NULL) abort();
  }
  memcpy(exchange->body + exchange->length, data, size);
  exchange->length = needed;
}

static enum MHD_Result reply(struct MHD_Connection *connection, const struct answer *answer) {
  struct MHD_Response *response =
      MHD_create_response_from_buffer(answer->length, answer->text, MHD_RESPMEM_MUST_COPY);
  MHD_add_response_header(response, "Content-Type", "application/vnd.kafka.v2+json");
  MHD_add_response_header(response, "Curlew-Durability", "disk");
  MHD_add_response_header(response, "Curlew-Leader-Epoch", "1");
  enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result on_access(void *context, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *data,
                                 size_t *size, void **request) {
  (void)context, (void)url, (void)method, (void)version;
  struct exchange *exchange = *request;
  if (exchange == NULL) {
    *request = calloc(1, sizeof *exchange);
    return *request != NULL ? MHD_YES : MHD_NO;
  }
  if (*size > 0) {
    gather(exchange, data, *size);
    *size = 0;
    return MHD_YES;
  }
  return reply(connection, exchange->length > BATCH_BODY ? &hundred_offsets : &one_offset);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode why) {
  (void)context, (void)connection, (void)why;
  struct exchange *exchange = *request;
  if (exchange == NULL) return;
  free(exchange->body);
  free(exchange);
  *request = NULL;
}

static struct MHD_Daemon *start(unsigned short port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct MHD_Daemon *daemon = MHD_start_daemon(
      MHD_USE_EPOLL, port, NULL, NULL, on_access, NULL, MHD_OPTION_SOCK_ADDR, &address,
      MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      (size_t)CONNECTION_MEMORY, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
  if (daemon == NULL) {
    fprintf(stderr, "limit: cannot listen\n");
    exit(1);
  }
  return daemon;
}

static void watch(int poll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

// A loop waits on the daemon's epoll descriptor and on its own mailbox, as the product's do.
static void *run(void *argument) {
  struct MHD_Daemon *daemon = argument;
  int poll = epoll_create1(0);
  watch(poll, MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd);
  watch(poll, eventfd(0, EFD_NONBLOCK));
  for (;;) {
    MHD_UNSIGNED_LONG_LONG limit = 0;
    int timeout = 1000;
    if (MHD_get_timeout(daemon, &limit) == MHD_YES && limit < 1000) timeout = (int)limit;
    struct epoll_event events[2];
    epoll_wait(poll, events, 2, timeout);
    MHD_run(daemon);
  }
  return NULL;
}

int main(int count, char **arguments) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  long loops = count > 1 ? atol(arguments[1]) : cores / 2;
  one_offset = make_answer(1);
  hundred_offsets = make_answer(BATCH_RECORDS);

  struct MHD_Daemon *first = start(0);
  unsigned short port = MHD_get_daemon_info(first, MHD_DAEMON_INFO_BIND_PORT)->port;
  for (long i = 1; i < loops; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, start(port)) != 0) return 1;
  }
  printf("listening on http://127.0.0.1:%u\n", port);
  fflush(stdout);
  run(first);
}
