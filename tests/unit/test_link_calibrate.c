/* test_link_calibrate.c - a probe on its way: what leaves, and that it stands still for units.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "link/calibrate.h"
#include "link/sending.h"
#include "trust_kit.h"

enum { OF = 20, SIZE = 256, HELD = 3 };

struct wire {
	int fd; /* receives */
	struct udp_out *out;
	struct mac_key *key;
	unsigned asked;	   /* how often the sender was looked at */
	unsigned until;	   /* it is busy that often */
	unsigned begun[2]; /* steps */
};

static bool arrived(const struct wire *w)
{
	uint8_t byte;

	return recv(w->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static bool busy(void *arg)
{
	struct wire *w = arg;

	if (++w->asked > w->until)
		return false;
	/* Nothing leaves meanwhile. */
	assert_false(arrived(w));
	return true;
}

static void begins(void *arg, unsigned step)
{
	struct wire *w = arg;

	w->begun[step]++;
}

static void open_wire(struct wire *w)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof(a);
	struct key *k;
	char address[64];

	memset(w, 0, sizeof(*w));
	assert_int_equal(crypto_start(), SL_OK);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	w->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(w->fd, (const struct sockaddr *)(const void *)&a, sizeof(a)), 0);
	assert_int_equal(getsockname(w->fd, (struct sockaddr *)(void *)&a, &len), 0);
	(void)snprintf(address, sizeof(address), "127.0.0.1:%u", ntohs(a.sin_port));
	assert_int_equal(udp_out_open(address, NULL, true, &w->out, NULL), SL_OK);
	k = kit_key(KEY_LINK_MAC, 1);
	assert_int_equal(mac_key_of(k, &w->key), SL_OK);
	key_free(k);
}

static void close_wire(struct wire *w)
{
	udp_out_close(w->out);
	mac_key_free(w->key);
	file_close(w->fd);
}

/* Two steps of OF datagrams, fast. */
static struct calibrate plan_of(struct wire *w)
{
	struct calibrate c = {.run = 7,
			      .session = 99,
			      .rate_bits = 100000000,
			      .mtu = 1500,
			      .n = 2,
			      .busy = busy,
			      .begins = begins,
			      .arg = w,
			      .patience_ms = 60000};

	for (unsigned i = 0; i < c.n; i++)
		c.step[i] = (struct calibrate_step){
			.percent = 100, .rate_kbit = 100000, .size = SIZE, .of = OF};
	return c;
}

static void test_what_leaves(void **state)
{
	struct probe_tally *t = NULL;
	struct calibrate_result result;
	struct calibrate c;
	struct wire w;

	(void)state;
	open_wire(&w);
	w.until = HELD;
	c = plan_of(&w);
	assert_int_equal(calibrate_send(&c, w.out, w.key, &result), SL_OK);
	assert_true(w.asked > HELD);
	assert_int_equal(w.begun[0], 1);
	assert_int_equal(w.begun[1], 1);
	assert_true(result.step[0].paused_ms > 0);
	assert_true(result.step[1].bits > 0);
	assert_int_equal(probe_tally_new(&t), SL_OK);
	for (unsigned i = 0; i < 2 * OF; i++) {
		uint8_t bytes[2048];
		ssize_t n = recv(w.fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		struct datagram d;

		assert_int_equal(n, SIZE);
		assert_true(datagram_proved(bytes, SIZE, w.key));
		assert_int_equal(datagram_parse(bytes, SIZE, &d), SL_OK);
		assert_int_equal(d.kind, DATAGRAM_PROBE);
		assert_int_equal(d.session, 99);
		assert_int_equal(d.number, i + 1);
		assert_int_equal(probe_tally_take(t, &d, 1000), SL_OK);
	}
	assert_false(arrived(&w));
	probe_tally_free(t);
	close_wire(&w);
}

static void test_no_room(void **state)
{
	struct calibrate_result result;
	struct calibrate c;
	struct wire w;

	(void)state;
	open_wire(&w);
	w.until = 1000000;
	c = plan_of(&w);
	c.patience_ms = 20;
	assert_int_equal(calibrate_send(&c, w.out, w.key, &result), SL_E_TIMEOUT);
	assert_false(arrived(&w));
	close_wire(&w);
}

static void test_sending(void **state)
{
	char dir[] = "/tmp/sluice-sending-XXXXXX";
	int outbox, sender, again, doctor;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(sending_look_open(dir), SL_E_NOTFOUND);
	outbox = file_open_dir(AT_FDCWD, dir);
	sender = sending_open(outbox);
	assert_true(outbox >= 0 && sender >= 0);
	doctor = sending_look_open(dir);
	assert_true(doctor >= 0);
	assert_false(sending_now(doctor));
	sending_begin(sender);
	assert_true(sending_now(doctor));
	sending_end(sender);
	assert_false(sending_now(doctor));
	/* Looking takes nothing: the sender is never held up, and a killed one leaves nothing.
	 */
	sending_begin(sender);
	assert_true(sending_now(doctor));
	file_close(sender);
	assert_false(sending_now(doctor));
	again = sending_open(outbox);
	sending_begin(again);
	assert_true(sending_now(doctor));
	sending_end(-1);
	file_close(again);
	file_close(doctor);
	file_close(outbox);
	assert_int_equal(file_remove_tree(AT_FDCWD, dir), SL_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_leaves),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_sending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
