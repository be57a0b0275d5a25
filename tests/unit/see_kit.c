/* see_kit.c - started once for all tests of a program. */
#include "see_kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"

static char dir[64];
static struct filters *filters;
static struct policy *policy;
static struct inspect *inspect;
static bool sees;

int see_kit_set_up(void **state)
{
	struct filters_options o = {.libexec = SL_BUILD_DIR "/libexec/sluice",
				    .socket_dir = dir,
				    .policies = SL_SOURCE_DIR "/policies",
				    .av_database = SL_SOURCE_DIR "/tests/support/signatures",
				    .av_max_age_days = 7,
				    .av_demo = true,
				    .file_bytes = SEE_KIT_MAX,
				    .seconds = see_kit_seconds};
	struct sl_why why = {{0}};
	char socket[96];

	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/sl-see-XXXXXX");
	if (crypto_start() != SL_OK || mkdtemp(dir) == NULL ||
	    filters_start(&o, &filters, &why) != SL_OK ||
	    policy_load_texts(o.policies, &policy, &why) != SL_OK ||
	    inspect_open(dir, policy, see_kit_seconds, &inspect) != SL_OK) {
		print_error("%s\n", why.text);
		return -1;
	}
	(void)snprintf(socket, sizeof(socket), "%s/see.sock", dir);
	sees = access(socket, F_OK) == 0;
	return 0;
}

int see_kit_tear_down(void **state)
{
	(void)state;
	inspect_close(inspect);
	policy_free(policy);
	filters_stop(filters);
	return file_remove_tree(AT_FDCWD, dir);
}

bool see_kit_sees(void)
{
	return sees;
}

void see_kit_look(const struct buf *bytes, const char *name, struct inspect_report *report,
		  struct buf *ret_text)
{
	struct inspect_input in = {.name = name, .length = bytes->len};

	in.fd = memfd_create("document", MFD_CLOEXEC);
	assert_true(in.fd >= 0);
	assert_int_equal(file_write_all(in.fd, bytes->data, bytes->len), SL_OK);
	hash_bytes(bytes->data, bytes->len, in.sha256);
	inspect_report_init(report);
	buf_init(ret_text, SEE_KIT_MAX);
	assert_int_equal(inspect_file(inspect, &in, report, ret_text), SL_OK);
	file_close(in.fd);
}

void see_kit_check(const char *name, const struct inspect_report *report, enum verdict want,
		   const char *const has[3], const char *const lacks[3])
{
	const char *s = buf_str(&report->bytes);

	if (report->verdict != want)
		fail_msg("%s: %s %s", name, verdict_name(report->verdict), s);
	for (unsigned i = 0; i < 3 && has[i] != NULL; i++)
		if (strstr(s, has[i]) == NULL)
			fail_msg("%s has no %s: %s", name, has[i], s);
	for (unsigned i = 0; i < 3 && lacks[i] != NULL; i++)
		if (strstr(s, lacks[i]) != NULL)
			fail_msg("%s has %s: %s", name, lacks[i], s);
}
