/* demo_people.c - the people of the demo and every key they and the machines hold.
 *
 * The bureau of the story: author, liaison and leader belong to one unit (the
 * traffic police), everyone else to another, so that "somebody from outside the
 * author's unit" can be seen to matter.  The liaison also stands in for the
 * unit leader, so that one person voting in two roles can be seen to be refused. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "keys/demo_private.h"

static const struct demo_person people[] = {
	{"author", "p-01", "u-01", "交警支队 撰稿人", {"author"}, KEY_DSSE_AUTHOR, "AUTHOR"},
	{"liaison",
	 "p-02",
	 "u-01",
	 "交警支队 联络员(可代大队领导)",
	 {"liaison", "unit-leader"},
	 KEY_DSSE_REVIEWER,
	 "LIAISON"},
	{"unit-leader",
	 "p-03",
	 "u-01",
	 "交警支队 领导",
	 {"unit-leader"},
	 KEY_DSSE_REVIEWER,
	 "UNIT_LEADER"},
	{"desk", "p-04", "u-02", "政务公开办 编审", {"desk"}, KEY_DSSE_REVIEWER, "DESK"},
	{"secrecy-1",
	 "p-05",
	 "u-03",
	 "保密办 审查员甲",
	 {"secrecy"},
	 KEY_DSSE_REVIEWER,
	 "SECRECY_1"},
	{"secrecy-2",
	 "p-06",
	 "u-04",
	 "保密办 审查员乙",
	 {"secrecy"},
	 KEY_DSSE_REVIEWER,
	 "SECRECY_2"},
	{"legal", "p-07", "u-05", "法制支队 审核员", {"legal"}, KEY_DSSE_REVIEWER, "LEGAL"},
	{"deputy", "p-08", "u-06", "分管局领导", {"deputy"}, KEY_DSSE_REVIEWER, "DEPUTY"},
	{"column-owner",
	 "p-09",
	 "u-07",
	 "栏目责任人",
	 {"column-owner"},
	 KEY_DSSE_REVIEWER,
	 "COLUMN_OWNER"},
	{"duty-1",
	 "p-10",
	 "u-08",
	 "指挥中心 值班领导",
	 {"duty-leader"},
	 KEY_DSSE_REVIEWER,
	 "DUTY_1"},
	{"duty-2",
	 "p-11",
	 "u-09",
	 "指挥中心 值班发布员",
	 {"duty-publisher"},
	 KEY_DSSE_REVIEWER,
	 "DUTY_2"},
	{"auditor", "p-12", "u-10", "审计员", {"auditor"}, KEY_DSSE_REVIEWER, "AUDITOR"},
	{"author-2",
	 "p-13",
	 "u-11",
	 "治安支队 撰稿人",
	 {"author"},
	 KEY_DSSE_AUTHOR,
	 "AUTHOR_2"},
	{"secrecy-3",
	 "p-14",
	 "u-03",
	 "保密办 审查员丙",
	 {"secrecy"},
	 KEY_DSSE_REVIEWER,
	 "SECRECY_3"},
	{"director",
	 "p-15",
	 "u-06",
	 "局长 领导小组组长",
	 {"director"},
	 KEY_DSSE_REVIEWER,
	 "DIRECTOR"},
	{"column-owner-2",
	 "p-16",
	 "u-05",
	 "法制支队 栏目责任人",
	 {"column-owner"},
	 KEY_DSSE_REVIEWER,
	 "COLUMN_OWNER_2"},
	{"unit-admin",
	 "p-17",
	 "u-01",
	 "交警支队 单位管理员",
	 {"unit-admin"},
	 KEY_DSSE_REVIEWER,
	 "UNIT_ADMIN"},
};
enum { PEOPLE = sizeof(people) / sizeof(people[0]) };

static const struct {
	const char *file;
	enum key_use use;
} machines[] = {
	{"custodians/root-1", KEY_TUF_ROOT},
	{"custodians/root-2", KEY_TUF_ROOT},
	{"custodians/root-3", KEY_TUF_ROOT},
	{"custodians/root-4", KEY_TUF_ROOT},
	{"custodians/root-5", KEY_TUF_ROOT},
	{"custodians/targets-1", KEY_TUF_TARGETS},
	{"custodians/targets-2", KEY_TUF_TARGETS},
	{"custodians/targets-3", KEY_TUF_TARGETS},
	{"custodians/policy-1", KEY_TUF_POLICY},
	{"custodians/policy-2", KEY_TUF_POLICY},
	{"custodians/policy-3", KEY_TUF_POLICY},
	{"releaser/rel", KEY_TUF_REL},
	{"releaser/feed", KEY_TUF_FEED},
	{"releaser/log", KEY_LOG},
	{"checker/rel", KEY_TUF_REL},
	{"checker/feed", KEY_TUF_FEED},
	{"checker/witness", KEY_WITNESS},
	{"snapshot", KEY_TUF_SNAPSHOT},
	{"timestamp", KEY_TUF_TIMESTAMP},
	{"gateway", KEY_DSSE_GATEWAY},
	{"inspector", KEY_DSSE_INSPECTOR},
	{"desk-identity", KEY_DESK},
	{"link-gateway", KEY_LINK},
	{"link-outlet", KEY_LINK},
	{"link-mac", KEY_LINK_MAC}, /* both ends hold it */
	{"seal-secrecy-1", KEY_SEAL},
	{"seal-secrecy-2", KEY_SEAL},
};
enum { MACHINES = sizeof(machines) / sizeof(machines[0]) };
_Static_assert(PEOPLE + MACHINES <= DEMO_KEYS_MAX, "every key needs a place");

const struct demo_person *demo_people(unsigned *ret_n)
{
	*ret_n = PEOPLE;
	return people;
}

static const char *file_of(unsigned i)
{
	return i < PEOPLE ? people[i].name : machines[i - PEOPLE].file;
}
static enum key_use use_of(unsigned i)
{
	return i < PEOPLE ? people[i].use : machines[i - PEOPLE].use;
}

const struct key *demo_people_key(const struct demo *d, const char *file)
{
	for (unsigned i = 0; i < PEOPLE + MACHINES; i++) {
		if (strcmp(file_of(i), file) == 0)
			return d->keys[i];
	}
	BUG(file != NULL);
	return NULL;
}

bool demo_people_by_ssh(const struct demo *d, const char *name)
{
	return d->o->ssh_person != NULL && strcmp(d->o->ssh_person, name) == 0;
}

static int write_one(struct demo *d, unsigned i, struct sl_why *why)
{
	char path[DEMO_PATH + 64];
	/* A key that can decide would make the other one pointless. */
	enum key_use use = demo_people_by_ssh(d, file_of(i)) ? KEY_DSSE_AUTHOR : use_of(i);
	int r = key_generate(use, NULL, &d->keys[i]);

	(void)snprintf(path, sizeof(path), "%s/keys/%s", d->dir, file_of(i));
	if (r == SL_OK)
		r = key_write(d->keys[i], path, NULL);
	return r == SL_OK ? r : why_set(why, r, "%s: %s", path, sl_strerror(r));
}

static int write_names(const struct demo *d, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, 1 << 16);
	buf_puts(&b, "# Who is behind each pseudonym.  In a real installation this table never "
		     "leaves\n"
		     "# the gateway's side; here the people are invented.\n");
	for (unsigned i = 0; i < PEOPLE; i++)
		buf_putf(&b, "%s: \"%s\"\n", people[i].pid, people[i].title);
	r = buf_error(&b);
	if (r == SL_OK)
		r = demo_put(d, "keys/names.yaml", b.data, b.len, 0600, why);
	buf_release(&b);
	return r;
}

static int load_ssh(struct demo *d, struct sl_why *why)
{
	bool known = d->o->ssh_person == NULL;
	struct buf b;
	int r;

	for (unsigned i = 0; i < PEOPLE && !known; i++)
		known = demo_people_by_ssh(d, people[i].name);
	if (!known)
		return why_set(why, SL_E_USAGE, "there is no person %s", d->o->ssh_person);
	if (d->o->ssh_person == NULL)
		return SL_OK;
	buf_init(&b, 4096);
	r = file_read(AT_FDCWD, d->o->ssh_key, 4096, &b);
	if (r == SL_OK)
		r = ssh_key_parse(buf_str(&b), b.len, &d->ssh);
	buf_release(&b);
	return r == SL_OK ? r
			  : why_set(why, r, "%s is no OpenSSH public key that can be used",
				    d->o->ssh_key);
}

int demo_people_write(struct demo *d, struct sl_why *why)
{
	static const char *const folders[] = {"custodians", "releaser", "checker"};
	char path[DEMO_PATH + 64];
	int r = load_ssh(d, why);

	if (r != SL_OK)
		return r;

	for (unsigned i = 0; i < 3 && r == SL_OK; i++) {
		(void)snprintf(path, sizeof(path), "%s/keys/%s", d->dir, folders[i]);
		r = file_mkdirs(path, 0700);
	}
	if (r != SL_OK)
		return why_set(why, r, "%s: %s", path, sl_strerror(r));
	for (unsigned i = 0; i < PEOPLE + MACHINES && r == SL_OK; i++)
		r = write_one(d, i, why);
	return r == SL_OK ? write_names(d, why) : r;
}
