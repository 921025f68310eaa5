/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One stream of one component on libnice, driven by lines of JSON as "icepath peer" is: a remote description, candidates one by one,
 * a restart from either side, and flows of numbered packets that are counted where they arrive.
 */
#include <nice/agent.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { PACKET = 160, NUMBER_AT = 4, COMPONENT = 1, MOST_NUMBERED = 1 << 20, RECEIVE_BUFFER = 4 << 20 };

static const guint8 flow_mark[NUMBER_AT] = {0x80, 'f', 'l', 'o'};

static gboolean controlling, controlled, trickle;
static gchar **addresses, *stun, *turn;

static GOptionEntry options[] = {
    {"controlling", 0, 0, G_OPTION_ARG_NONE, &controlling, "nominate", NULL},
    {"controlled", 0, 0, G_OPTION_ARG_NONE, &controlled, "follow", NULL},
    {"trickle", 0, 0, G_OPTION_ARG_NONE, &trickle, "describe at once, tell candidates one by one", NULL},
    {"address", 0, 0, G_OPTION_ARG_STRING_ARRAY, &addresses, "gather on this address alone", "IP"},
    {"stun", 0, 0, G_OPTION_ARG_STRING, &stun, "STUN server", "HOST:PORT"},
    {"turn", 0, 0, G_OPTION_ARG_STRING, &turn, "TURN server", "HOST:PORT:USER:PASSWORD:udp"},
    {NULL, 0, 0, 0, NULL, NULL, NULL}};

static GMainLoop *loop;
static NiceAgent *agent;
static guint stream;
static gboolean gathered, described, restarting, has_remote;

/* A flow that leaves, and what has come of the other side's. */
static guint32 flow_sent, flow_wanted;
static gint64 flow_began;
static guint flow_rate;
static guint8 *flow_seen;
static guint32 flow_received, flow_distinct;

static void say(const gchar *format, ...) G_GNUC_PRINTF(1, 2);

static void say(const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  putchar('\n');
  fflush(stdout);
}

static void complain(const gchar *what) {
  gchar *escaped = g_strescape(what, NULL);
  say("{\"event\":\"error\",\"message\":\"%s\"}", escaped);
  g_free(escaped);
}

/* As SDP has it behind "a=". */
static gchar *text_of(NiceCandidate *candidate) {
  gchar *line = nice_agent_generate_local_candidate_sdp(agent, candidate);
  gchar *value = g_strdup(g_str_has_prefix(line, "a=") ? line + 2 : line);
  g_free(line);
  return value;
}

/* The description: what is gathered, or with trickling nothing but the credentials. */
static void describe(void) {
  gchar *ufrag = NULL, *password = NULL;
  GString *list = g_string_new(NULL);
  gboolean whole = gathered;
  nice_agent_get_local_credentials(agent, stream, &ufrag, &password);
  if (whole) {
    GSList *candidates = nice_agent_get_local_candidates(agent, stream, COMPONENT);
    for (GSList *at = candidates; at; at = at->next) {
      gchar *text = text_of(at->data);
      g_string_append_printf(list, "%s\"%s\"", list->len ? "," : "", text);
      g_free(text);
    }
    g_slist_free_full(candidates, (GDestroyNotify)nice_candidate_free);
  }
  described = TRUE;
  say("{\"event\":\"local\",\"ufrag\":\"%s\",\"pwd\":\"%s\",\"candidates\":[%s],\"end\":%s}", ufrag, password, list->str,
      whole ? "true" : "false");
  g_string_free(list, TRUE);
  g_free(ufrag);
  g_free(password);
}

static void on_candidate(NiceAgent *unused, NiceCandidate *candidate, gpointer data) {
  if (trickle && described && !gathered) {
    gchar *text = text_of(candidate);
    say("{\"event\":\"candidate\",\"candidate\":\"%s\"}", text);
    g_free(text);
  }
}

/* Room for what comes while others have the processor; as its sockets are, libnice loses packets after 0.2 s. */
static void make_room(void) {
  GPtrArray *sockets = nice_agent_get_sockets(agent, stream, COMPONENT);
  for (guint i = 0; sockets && i < sockets->len; i++) {
    g_socket_set_option(g_ptr_array_index(sockets, i), SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER, NULL);
  }
  if (sockets) {
    g_ptr_array_unref(sockets);
  }
}

static void on_gathered(NiceAgent *unused, guint of, gpointer data) {
  gathered = TRUE;
  make_room();
  if (!described) {
    describe();
  } else if (trickle) {
    say("{\"event\":\"end-of-candidates\"}");
  }
}

static void on_state(NiceAgent *unused, guint of, guint component, guint state, gpointer data) {
  const gchar *name = state == NICE_COMPONENT_STATE_CONNECTING ? "checking"
      : state == NICE_COMPONENT_STATE_CONNECTED               ? "connected"
      : state == NICE_COMPONENT_STATE_READY                   ? "completed"
      : state == NICE_COMPONENT_STATE_FAILED                  ? "failed"
                                                              : NULL;
  if (name) {
    say("{\"event\":\"state\",\"state\":\"%s\",\"component\":%u}", name, component);
  }
}

static void on_selected(
    NiceAgent *unused, guint of, guint component, NiceCandidate *local, NiceCandidate *remote, gpointer data) {
  gchar *ours = text_of(local), *theirs = text_of(remote);
  say("{\"event\":\"selected\",\"component\":%u,\"local\":\"%s\",\"remote\":\"%s\"}", component, ours, theirs);
  g_free(ours);
  g_free(theirs);
}

static void count(const guint8 *packet) {
  guint32 number;
  memcpy(&number, packet + NUMBER_AT, sizeof number);
  number = GUINT32_FROM_BE(number);
  flow_received++;
  if (number < MOST_NUMBERED && !flow_seen[number]) {
    flow_seen[number] = 1;
    flow_distinct++;
  }
}

static void on_data(NiceAgent *unused, guint of, guint component, guint length, gchar *packet, gpointer data) {
  if (length == PACKET && memcmp(packet, flow_mark, sizeof flow_mark) == 0) {
    count((const guint8 *)packet);
    return;
  }
  gchar *text = g_base64_encode((const guchar *)packet, length);
  say("{\"event\":\"data\",\"component\":%u,\"data\":\"%s\"}", component, text);
  g_free(text);
}

/* Sends what is due; a number that cannot leave yet is the next one to leave. */
static gboolean on_beat(gpointer data) {
  guint32 due = (guint32)MIN((gint64)flow_wanted, (g_get_monotonic_time() - flow_began) * flow_rate / G_USEC_PER_SEC);
  guint8 packet[PACKET] = {0};
  memcpy(packet, flow_mark, sizeof flow_mark);
  for (; flow_sent < due; flow_sent++) {
    guint32 number = GUINT32_TO_BE(flow_sent);
    memcpy(packet + NUMBER_AT, &number, sizeof number);
    if (nice_agent_send(agent, stream, COMPONENT, PACKET, (const gchar *)packet) != PACKET) {
      flow_began = g_get_monotonic_time() - (gint64)flow_sent * G_USEC_PER_SEC / flow_rate;
      return G_SOURCE_CONTINUE;
    }
  }
  if (flow_sent < flow_wanted) {
    return G_SOURCE_CONTINUE;
  }
  say("{\"event\":\"flowed\",\"sent\":%u}", flow_sent);
  return G_SOURCE_REMOVE;
}

static void take(const gchar *text) {
  gchar *line = g_strconcat("a=", text, NULL);
  NiceCandidate *candidate = nice_agent_parse_remote_candidate_sdp(agent, stream, line);
  if (candidate) {
    GSList *one = g_slist_append(NULL, candidate);
    nice_agent_set_remote_candidates(agent, stream, COMPONENT, one);
    g_slist_free_full(one, (GDestroyNotify)nice_candidate_free);
  } else {
    complain("a candidate that libnice does not read");
  }
  g_free(line);
}

/* The first description, the answer to a restart of ours, or the offer of a restart, which is answered. */
static void remote(JsonObject *command) {
  gboolean answers = has_remote && !restarting;
  if (answers) {
    nice_agent_restart_stream(agent, stream);
  }
  has_remote = TRUE;
  restarting = FALSE;
  nice_agent_set_remote_credentials(agent, stream, json_object_get_string_member(command, "ufrag"),
      json_object_get_string_member(command, "pwd"));
  JsonArray *candidates = json_object_get_array_member(command, "candidates");
  for (guint i = 0; i < json_array_get_length(candidates); i++) {
    take(json_array_get_string_element(candidates, i));
  }
  if (json_object_get_boolean_member_with_default(command, "end", TRUE)) {
    nice_agent_peer_candidate_gathering_done(agent, stream);
  }
  if (answers) {
    describe();
  }
}

static void transmit(JsonObject *command) {
  gsize length;
  guchar *packet = g_base64_decode(json_object_get_string_member(command, "data"), &length);
  if (nice_agent_send(agent, stream, COMPONENT, (guint)length, (const gchar *)packet) < 0) {
    complain("not sent");
  }
  g_free(packet);
}

static void obey(JsonObject *command) {
  const gchar *name = json_object_get_string_member_with_default(command, "cmd", "");
  if (g_str_equal(name, "remote")) {
    remote(command);
  } else if (g_str_equal(name, "candidate")) {
    take(json_object_get_string_member(command, "candidate"));
  } else if (g_str_equal(name, "end-of-candidates")) {
    nice_agent_peer_candidate_gathering_done(agent, stream);
  } else if (g_str_equal(name, "send")) {
    transmit(command);
  } else if (g_str_equal(name, "restart")) {
    restarting = TRUE;
    nice_agent_restart_stream(agent, stream);
    describe();
  } else if (g_str_equal(name, "flow")) {
    flow_sent = 0;
    flow_wanted = (guint32)json_object_get_int_member(command, "packets");
    flow_rate = (guint)json_object_get_int_member(command, "rate");
    flow_began = g_get_monotonic_time();
    g_timeout_add(1, on_beat, NULL);
  } else if (g_str_equal(name, "count")) {
    guint32 missing = 0;
    while (missing < MOST_NUMBERED && flow_seen[missing]) {
      missing++;
    }
    say("{\"event\":\"count\",\"received\":%u,\"distinct\":%u,\"missing\":%u}", flow_received, flow_distinct, missing);
  } else if (g_str_equal(name, "close")) {
    g_main_loop_quit(loop);
  } else {
    complain("unknown command");
  }
}

static gboolean on_line(GIOChannel *input, GIOCondition condition, gpointer data) {
  gchar *line = NULL;
  if (g_io_channel_read_line(input, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
  }
  JsonParser *parser = json_parser_new();
  if (json_parser_load_from_data(parser, line, -1, NULL) && JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
    obey(json_node_get_object(json_parser_get_root(parser)));
  } else {
    complain("not an object");
  }
  g_object_unref(parser);
  g_free(line);
  return G_SOURCE_CONTINUE;
}

static void use_servers(void) {
  if (stun) {
    gchar **parts = g_strsplit(stun, ":", 2);
    g_object_set(agent, "stun-server", parts[0], "stun-server-port", atoi(parts[1]), NULL);
    g_strfreev(parts);
  }
  if (turn) {
    gchar **parts = g_strsplit(turn, ":", 5);
    nice_agent_set_relay_info(
        agent, stream, COMPONENT, parts[0], (guint)atoi(parts[1]), parts[2], parts[3], NICE_RELAY_TYPE_TURN_UDP);
    g_strfreev(parts);
  }
}

static void begin(void) {
  NiceAgentOption wanted = NICE_AGENT_OPTION_REGULAR_NOMINATION | NICE_AGENT_OPTION_CONSENT_FRESHNESS;
  agent = nice_agent_new_full(g_main_loop_get_context(loop), NICE_COMPATIBILITY_RFC5245,
      trickle ? wanted | NICE_AGENT_OPTION_ICE_TRICKLE : wanted);
  g_object_set(agent, "controlling-mode", controlling, "ice-tcp", FALSE, "upnp", FALSE, NULL);
  for (gchar **address = addresses; address && *address; address++) {
    NiceAddress *local = nice_address_new();
    nice_address_set_from_string(local, *address);
    nice_agent_add_local_address(agent, local);
    nice_address_free(local);
  }
  stream = nice_agent_add_stream(agent, 1);
  use_servers();
  g_signal_connect(agent, "candidate-gathering-done", G_CALLBACK(on_gathered), NULL);
  g_signal_connect(agent, "new-candidate-full", G_CALLBACK(on_candidate), NULL);
  g_signal_connect(agent, "component-state-changed", G_CALLBACK(on_state), NULL);
  g_signal_connect(agent, "new-selected-pair-full", G_CALLBACK(on_selected), NULL);
  nice_agent_attach_recv(agent, stream, COMPONENT, g_main_loop_get_context(loop), on_data, NULL);
  if (trickle) {
    describe();
  }
  if (!nice_agent_gather_candidates(agent, stream)) {
    complain("libnice does not gather");
  }
}

int main(int count_of, char **words) {
  GError *wrong = NULL;
  GOptionContext *context = g_option_context_new("- an ICE peer on libnice");
  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &count_of, &words, &wrong) || (controlling && controlled)) {
    complain(wrong ? wrong->message : "--controlling and --controlled exclude each other");
    return EXIT_FAILURE;
  }
  g_option_context_free(context);
  flow_seen = g_malloc0(MOST_NUMBERED);
  loop = g_main_loop_new(NULL, FALSE);
  begin();
  GIOChannel *input = g_io_channel_unix_new(0);
  g_io_add_watch(input, G_IO_IN | G_IO_HUP | G_IO_ERR, on_line, NULL);
  g_main_loop_run(loop);
  g_object_unref(agent);
  return EXIT_SUCCESS;
}
