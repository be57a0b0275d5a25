/* test_link_pull_udp.c - udp mode from the wire to the quarantine and the status. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "link/pull.h"
#include "link_kit.h"
#include "trust_kit.h"

enum { DEADLINE_MS = 20000 };

struct outlet {
	struct link_kit_room room;
	struct outlet_config config;
	struct pull pull;
	void *way;
	struct mac_key *key[2];
	char file[2][128], *files[2], listen[32];
	struct sockaddr_in address;
	int out;
	uint32_t session, number;
};

static void start(struct outlet *o)
{
	struct sl_why why = {.text = ""};
	int r = pull_udp_mode.open(&o->pull, &o->way, &why);

	if (r != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(pull_udp_mode.start(o->way, &why), SL_OK);
}

static void outlet_open(struct outlet *o)
{
	socklen_t len = sizeof(o->address);
	int probe;

	*o = (struct outlet){.session = 100};
	link_kit_room_open(&o->room);
	for (unsigned i = 0; i < 2; i++) {
		struct key *k = kit_key(KEY_LINK_MAC, (uint8_t)(i + 1));

		(void)snprintf(o->file[i], sizeof(o->file[i]), "%s/mac%u", o->room.dir, i);
		o->files[i] = o->file[i];
		assert_int_equal(key_write(k, o->file[i], NULL), SL_OK);
		assert_int_equal(mac_key_of(k, &o->key[i]), SL_OK);
		key_free(k);
	}
	o->address = (struct sockaddr_in){.sin_family = AF_INET,
					  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(probe, (struct sockaddr *)&o->address, len), 0);
	assert_int_equal(getsockname(probe, (struct sockaddr *)&o->address, &len), 0);
	file_close(probe);
	(void)snprintf(o->listen, sizeof(o->listen), "127.0.0.1:%u",
		       (unsigned)ntohs(o->address.sin_port));
	o->config.link.listen = o->listen;
	o->config.link.mac_keys = (struct config_list){.item = o->files, .n = 2};
	o->config.link.buffer_bytes = 1 << 20;
	o->pull = (struct pull){
		.config = &o->config, .quarantine = o->room.q, .state = o->room.state};
	start(o);
	o->out = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(o->out, (struct sockaddr *)&o->address, len), 0);
}

static void outlet_close(struct outlet *o)
{
	pull_udp_mode.close(o->way);
	file_close(o->out);
	mac_key_free(o->key[0]);
	mac_key_free(o->key[1]);
	assert_int_equal(link_kit_files(&o->room, ".part"), 0);
	link_kit_room_close(&o->room);
}

static json_t *report(struct outlet *o)
{
	json_t *j = quarantine_report(o->room.q);

	pull_udp_mode.report(o->way, j);
	return j;
}

static int64_t number_in(struct outlet *o, const char *object, const char *name)
{
	json_t *j = report(o);
	int64_t v = -1;

	assert_true(json_i64(object != NULL ? json_obj(j, object) : j, name, &v));
	json_decref(j);
	return v;
}

/* Until `name` of the datagrams' counts is n. */
static void until(struct outlet *o, const char *name, int64_t n)
{
	int64_t end = clock_mono_ms() + DEADLINE_MS;

	while (number_in(o, "datagrams", name) < n && clock_mono_ms() < end)
		assert_int_equal(pull_udp_mode.step(o->way), SL_OK);
	assert_int_equal(number_in(o, "datagrams", name), n);
}

/* Proved and handed on by a thread of its own. */
static void until_arrived(struct outlet *o, const struct link_kit_object *a)
{
	int64_t end = clock_mono_ms() + DEADLINE_MS;

	while (!link_kit_arrived(&o->room, a) && clock_mono_ms() < end)
		assert_int_equal(pull_udp_mode.step(o->way), SL_OK);
	assert_true(link_kit_arrived(&o->room, a));
}

static size_t write_next(struct outlet *o, struct datagram d, unsigned key, uint8_t *out)
{
	d.session = o->session;
	d.number = ++o->number;
	return datagram_write(&d, o->key[key], out);
}

static void send_next(struct outlet *o, struct datagram d, unsigned key)
{
	uint8_t bytes[DATAGRAM_MAX];
	size_t len = write_next(o, d, key, bytes);

	assert_int_equal(send(o->out, bytes, len, 0), len);
}

static struct datagram heartbeat_of(uint32_t highest, uint32_t lowest_repeat, uint8_t *body,
				    size_t len)
{
	struct heartbeat h = {.time_ms = 1,
			      .highest = highest,
			      .lowest_repeat = lowest_repeat,
			      .waiting = 3,
			      .repeating = 2,
			      .rate_kbit = 100000,
			      .loss_permille = 30,
			      .size = 1472};

	memset(body, 0, len);
	heartbeat_put(&h, body);
	return (struct datagram){
		.kind = DATAGRAM_HEARTBEAT, .serial = highest, .body = body, .len = len};
}

static void test_units_arrive(void **state)
{
	struct link_kit_object a, b;
	struct outlet o;
	uint8_t body[200];
	json_t *j;

	(void)state;
	outlet_open(&o);
	j = report(&o);
	assert_null(json_str(j, "heard"));
	assert_null(json_obj(j, "sender"));
	json_decref(j);
	link_kit_object(&a, 1, 20000, 1000, 3, 1);
	link_kit_object(&b, 3, 300, 100, 2, 1);
	for (unsigned n = 0; n < a.g.symbols; n++)
		send_next(&o, link_kit_nth(&a, n), 0);
	/* During a change of keys both count. */
	for (unsigned n = 0; n < b.g.symbols; n++)
		send_next(&o, link_kit_nth(&b, n), 1);
	send_next(&o, heartbeat_of(4, 2, body, sizeof(body)), 0);
	until(&o, "taken", a.g.symbols + b.g.symbols + 1);
	until_arrived(&o, &a);
	until_arrived(&o, &b);
	assert_int_equal(pull_udp_mode.step(o.way), SL_OK);
	assert_true(o.pull.news);
	assert_int_equal(number_in(&o, NULL, "missing_count"), 2);
	assert_int_equal(number_in(&o, "sender", "highest"), 4);
	assert_int_equal(number_in(&o, "sender", "lowest_repeat"), 2);
	assert_int_equal(number_in(&o, "sender", "waiting"), 3);
	assert_int_equal(number_in(&o, "sender", "session"), 100);
	assert_int_equal(number_in(&o, "buffer", "asked"), 1 << 20);
	j = report(&o);
	assert_non_null(json_str(j, "heard"));
	json_decref(j);
	link_kit_object_free(&a);
	link_kit_object_free(&b);
	outlet_close(&o);
}

/* Strangers are counted, and nothing else happens. */
static void test_flood(void **state)
{
	struct link_kit_object a;
	uint8_t bytes[DATAGRAM_MAX] = {1, 0x51};
	struct outlet o;
	json_t *j;

	(void)state;
	outlet_open(&o);
	link_kit_object(&a, 1, 20000, 1000, 3, 1);
	for (unsigned i = 0; i < 300; i++) {
		size_t len = i * 7;

		assert_int_equal(send(o.out, bytes, len, 0), len);
		if (i % 50 == 49)
			until(&o, "wrong_mac", i + 1);
	}
	j = report(&o);
	assert_null(json_str(j, "heard")); /* a stranger is not the gateway */
	json_decref(j);
	assert_int_equal(link_kit_files(&o.room, ""), 0);
	for (unsigned n = 0; n < a.g.symbols; n++)
		send_next(&o, link_kit_nth(&a, n), 0);
	until(&o, "taken", a.g.symbols);
	until_arrived(&o, &a);
	link_kit_object_free(&a);
	outlet_close(&o);
}

/* What was recorded on the wire does nothing when it is sent again, a restart later too. */
static void test_replay(void **state)
{
	uint8_t bytes[DATAGRAM_MAX];
	struct link_kit_object a;
	struct outlet o;
	size_t len;
	json_t *j;

	(void)state;
	outlet_open(&o);
	link_kit_object(&a, 1, 20000, 1000, 3, 1);
	len = write_next(&o, link_kit_nth(&a, 0), 0, bytes);
	assert_int_equal(send(o.out, bytes, len, 0), len);
	until(&o, "taken", 1);
	assert_int_equal(send(o.out, bytes, len, 0), len);
	until(&o, "replayed", 1);
	assert_int_equal(link_kit_files(&o.room, ".part"), 1);
	pull_udp_mode.close(o.way);
	start(&o);
	assert_int_equal(send(o.out, bytes, len, 0), len);
	until(&o, "replayed", 1);
	j = report(&o);
	assert_non_null(json_str(j, "heard_old"));
	assert_null(json_str(j, "heard"));
	json_decref(j);
	assert_int_equal(link_kit_files(&o.room, ".part"), 0);
	assert_int_equal(number_in(&o, "datagrams", "taken"), 0);
	link_kit_object_free(&a);
	outlet_close(&o);
}

/* Authentic and absurd: a heartbeat that contradicts itself, a serial out of this world. */
static void test_absurd(void **state)
{
	struct link_kit_object a;
	struct datagram d;
	struct outlet o;
	uint8_t body[200];

	(void)state;
	outlet_open(&o);
	link_kit_object(&a, 2000000000, 500, 100, 2, 1);
	send_next(&o, link_kit_nth(&a, 0), 0);
	d = heartbeat_of(7, 1, body, sizeof(body));
	d.serial = 8;
	send_next(&o, d, 0);
	d = heartbeat_of(7, 1, body, sizeof(body));
	body[199] = 1; /* something hides behind it */
	send_next(&o, d, 0);
	until(&o, "taken", 3);
	assert_int_equal(link_kit_files(&o.room, ""), 0);
	assert_int_equal(number_in(&o, NULL, "highest"), 0);
	assert_int_equal(number_in(&o, NULL, "dropped"), 1);
	/* A heartbeat may say what it likes: the list of what is missing stays bounded. */
	send_next(&o, heartbeat_of(UINT32_MAX, 1, body, sizeof(body)), 0);
	until(&o, "taken", 4);
	assert_int_equal(number_in(&o, NULL, "missing_count"), QUARANTINE_WINDOW);
	link_kit_object_free(&a);
	outlet_close(&o);
}

/* A gateway that was taken over lies about the highest serial; when it is ours again, its
 * newest word counts, and the list of what is missing is right again, a restart later too. */
static void test_lie_ends(void **state)
{
	uint8_t body[200];
	struct link_kit_object a, b;
	struct outlet o;

	(void)state;
	outlet_open(&o);
	link_kit_object(&a, 6, 300, 100, 2, 1);
	link_kit_object(&b, 8, 20000, 1000, 3, 1);
	/* He takes numbers that the gateway comes to much later. */
	o.number += 50000;
	send_next(&o, heartbeat_of(UINT32_MAX, 1, body, sizeof(body)), 0);
	until(&o, "taken", 1);
	assert_int_equal(number_in(&o, NULL, "missing_count"), QUARANTINE_WINDOW);
	o.number -= 50000;
	send_next(&o, heartbeat_of(4, 1, body, sizeof(body)), 0);
	until(&o, "taken", 2);
	assert_int_equal(number_in(&o, NULL, "highest"), 4);
	assert_int_equal(number_in(&o, NULL, "missing_count"), 4);
	/* What is here, or is arriving, was sent, whatever the sender says. */
	for (unsigned n = 0; n < a.g.symbols; n++)
		send_next(&o, link_kit_nth(&a, n), 0);
	until(&o, "taken", 2 + a.g.symbols);
	until_arrived(&o, &a);
	send_next(&o, link_kit_nth(&b, 0), 0);
	send_next(&o, heartbeat_of(4, 1, body, sizeof(body)), 0);
	until(&o, "taken", 4 + a.g.symbols);
	assert_int_equal(number_in(&o, NULL, "highest"), 8);
	assert_int_equal(number_in(&o, NULL, "missing_count"), 7);
	send_next(&o, heartbeat_of(0, 0, body, sizeof(body)), 0);
	until(&o, "taken", 5 + a.g.symbols);
	assert_int_equal(number_in(&o, NULL, "highest"), 8);
	pull_udp_mode.close(o.way);
	start(&o);
	/* His number is all that is remembered of this session: the gateway needs a new one. */
	o.session++;
	send_next(&o, heartbeat_of(4, 1, body, sizeof(body)), 0);
	until(&o, "taken", 1);
	assert_int_equal(number_in(&o, NULL, "highest"), 6);
	link_kit_object_free(&a);
	link_kit_object_free(&b);
	outlet_close(&o);
}

static void test_keys_must_be_there(void **state)
{
	struct sl_why why = {.text = ""};
	struct outlet o;
	void *way = NULL;

	(void)state;
	outlet_open(&o);
	assert_int_equal(unlink(o.file[1]), 0);
	assert_int_not_equal(pull_udp_mode.open(&o.pull, &way, &why), SL_OK);
	assert_non_null(strstr(why.text, o.file[1]));
	assert_null(way);
	outlet_close(&o);
}

static void test_modes(void **state)
{
	(void)state;
	assert_ptr_equal(pull_mode_named("udp"), &pull_udp_mode);
	assert_ptr_equal(pull_mode_named("stream"), &pull_stream_mode);
	assert_ptr_equal(pull_mode_named("directory"), &pull_directory_mode);
	assert_null(pull_mode_named("pigeon"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units_arrive), cmocka_unit_test(test_flood),
		cmocka_unit_test(test_replay),	     cmocka_unit_test(test_absurd),
		cmocka_unit_test(test_lie_ends),     cmocka_unit_test(test_keys_must_be_there),
		cmocka_unit_test(test_modes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
