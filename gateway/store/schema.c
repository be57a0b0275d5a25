/* schema.c - migrations.  A step that shipped is never edited; add the next one. */
#include "store/schema.h"

#include "base/clock.h"
#include "base/i18n.h"

static const char step_1[] =
	"CREATE TABLE draft ("
	"  number INTEGER NOT NULL," /* year * 1000000 + running number */
	"  revision INTEGER NOT NULL CHECK (revision > 0),"
	"  newest INTEGER NOT NULL CHECK (newest IN (0, 1))," /* what a list shows */
	"  id TEXT NOT NULL, release TEXT NOT NULL,"
	"  state TEXT NOT NULL CHECK (state IN ('PREPARED','SUBMITTED','INSPECTING','SPILL',"
	"   'BLOCKED','HELD','IN_REVIEW','RETURNED','REFUSED','REFERRED','APPROVED','RELEASED',"
	"   'SENT','CORRECTED','FROZEN','WITHDRAWN','CANCELED','REPLACED')),"
	"  author TEXT NOT NULL, submitter TEXT NOT NULL, unit TEXT NOT NULL,"
	"  title TEXT NOT NULL, content_type TEXT NOT NULL, column_name TEXT NOT NULL,"
	"  disclosure TEXT NOT NULL, channels TEXT NOT NULL," /* newline after each */
	"  klass TEXT NOT NULL, verdict TEXT NOT NULL DEFAULT '',"
	"  manifest TEXT NOT NULL DEFAULT '', report TEXT NOT NULL DEFAULT '',"
	"  submission TEXT NOT NULL DEFAULT '', inspection TEXT NOT NULL DEFAULT '',"
	"  corrects TEXT NOT NULL, state_reason TEXT NOT NULL DEFAULT '',"
	"  created INTEGER NOT NULL, changed INTEGER NOT NULL, due INTEGER NOT NULL,"
	"  serial INTEGER NOT NULL DEFAULT 0, token TEXT NOT NULL,"
	"  PRIMARY KEY (number, revision)) STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX draft_newest ON draft (number) WHERE newest = 1;"
	"CREATE UNIQUE INDEX draft_token ON draft (submitter, token);"
	"CREATE INDEX draft_queue ON draft (state, due, number) WHERE newest = 1;"
	"CREATE INDEX draft_author ON draft (author, due, number) WHERE newest = 1;"
	"CREATE INDEX draft_release ON draft (release, revision);"
	"CREATE TABLE file ("
	"  number INTEGER NOT NULL, revision INTEGER NOT NULL, position INTEGER NOT NULL,"
	"  name TEXT NOT NULL, media_type TEXT NOT NULL, sha256 TEXT NOT NULL,"
	"  length INTEGER NOT NULL CHECK (length >= 0),"
	"  report TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT ''," /* body: extracted
									       text */
	"  PRIMARY KEY (number, revision, position),"
	"  FOREIGN KEY (number, revision) REFERENCES draft) STRICT, WITHOUT ROWID;"
	"CREATE TABLE offer ("
	"  number INTEGER NOT NULL, revision INTEGER NOT NULL, position INTEGER NOT NULL,"
	"  klass TEXT NOT NULL, manifest TEXT NOT NULL, submission TEXT NOT NULL,"
	"  PRIMARY KEY (number, revision, position),"
	"  FOREIGN KEY (number, revision) REFERENCES draft) STRICT, WITHOUT ROWID;"
	"CREATE TABLE vote ("
	"  seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  number INTEGER NOT NULL, revision INTEGER NOT NULL,"
	"  pid TEXT NOT NULL, role TEXT NOT NULL, decision TEXT NOT NULL,"
	"  envelope TEXT NOT NULL UNIQUE, code TEXT NOT NULL, reason TEXT NOT NULL,"
	"  time INTEGER NOT NULL, counts INTEGER NOT NULL CHECK (counts IN (0, 1)),"
	"  FOREIGN KEY (number, revision) REFERENCES draft) STRICT;"
	"CREATE INDEX vote_draft ON vote (number, revision);"
	"CREATE TABLE shown ("
	"  pid TEXT NOT NULL, number INTEGER NOT NULL, revision INTEGER NOT NULL,"
	"  part TEXT NOT NULL, sha256 TEXT NOT NULL,"
	"  PRIMARY KEY (pid, number, revision, part),"
	"  FOREIGN KEY (number, revision) REFERENCES draft) STRICT, WITHOUT ROWID;"
	"CREATE TABLE upload ("
	"  pid TEXT NOT NULL, sha256 TEXT NOT NULL, length INTEGER NOT NULL CHECK (length >= "
	"0),"
	"  stored INTEGER NOT NULL CHECK (stored IN (0, 1)), begun INTEGER NOT NULL,"
	"  PRIMARY KEY (pid, sha256)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE orders ("
	"  number INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  release TEXT NOT NULL, version INTEGER NOT NULL, action TEXT NOT NULL,"
	"  envelope TEXT NOT NULL UNIQUE, pid TEXT NOT NULL, reason TEXT NOT NULL,"
	"  time INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),"
	"  serial INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE INDEX orders_open ON orders (number) WHERE done = 0;"
	"CREATE TABLE spill ("
	"  number INTEGER NOT NULL, revision INTEGER NOT NULL, draft TEXT NOT NULL,"
	"  rule TEXT NOT NULL, sha256 TEXT NOT NULL,"
	"  found INTEGER NOT NULL, report_due INTEGER NOT NULL,"
	"  PRIMARY KEY (number, revision, rule, sha256),"
	"  FOREIGN KEY (number, revision) REFERENCES draft) STRICT, WITHOUT ROWID;";

/* The audit, and what must never change again whoever asks. */
static const char step_2[] =
	"CREATE TABLE audit ("
	"  seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  ms INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,"
	"  draft TEXT NOT NULL, record TEXT NOT NULL,"
	"  salt BLOB NOT NULL CHECK (length(salt) = 32),"
	"  hash BLOB NOT NULL CHECK (length(hash) = 32)) STRICT;"
	"CREATE INDEX audit_draft ON audit (draft, seq) WHERE draft <> '';"
	"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
	" BEGIN SELECT RAISE(ABORT, 'audit is append only'); END;"
	"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
	" BEGIN SELECT RAISE(ABORT, 'audit is append only'); END;"
	/* A revision is immutable in all that a reviewer signs. */
	"CREATE TRIGGER draft_immutable BEFORE UPDATE OF number, revision, id, release, author,"
	" submitter, unit, content_type, column_name, disclosure, channels, corrects, created,"
	" token ON draft BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END;"
	"CREATE TRIGGER file_immutable BEFORE UPDATE OF number, revision, position, media_type,"
	" sha256, length ON file BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END;"
	/* Words may only be taken away, when a spill is concealed. */
	"CREATE TRIGGER title_immutable BEFORE UPDATE OF title ON draft"
	" WHEN NEW.title <> '' OR NEW.state <> 'SPILL'"
	" BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END;"
	"CREATE TRIGGER name_immutable BEFORE UPDATE OF name ON file WHEN NEW.name <> ''"
	" BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END;"
	"CREATE TRIGGER vote_no_update BEFORE UPDATE ON vote"
	" BEGIN SELECT RAISE(ABORT, 'a vote is final'); END;";

/* Envelopes, manifests, reports: small, many, and part of the change that names them. */
static const char step_3[] =
	"CREATE TABLE object ("
	"  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), bytes BLOB NOT NULL) STRICT;"
	"CREATE TRIGGER object_immutable BEFORE UPDATE ON object"
	" BEGIN SELECT RAISE(ABORT, 'an object never changes'); END;";

/* Which freeze an order of two persons answers. */
static const char step_4[] =
	"ALTER TABLE orders ADD COLUMN freeze INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX orders_release ON orders (release, version, action);";

/* Drafts whose pages are drawn and whose pictures are read wait in a queue of their own. */
static const char step_5[] = "ALTER TABLE draft ADD COLUMN seeing INTEGER NOT NULL DEFAULT 0"
			     " CHECK (seeing IN (0, 1));"
			     "CREATE INDEX draft_seeing ON draft (state) WHERE seeing = 1;";

/* What is inspected again when rules or virus signatures change, and new hits in public. */
static const char step_6[] =
	"CREATE TABLE recheck_basis ("
	"  id INTEGER PRIMARY KEY CHECK (id = 1), basis TEXT NOT NULL,"
	"  since INTEGER NOT NULL, total INTEGER NOT NULL) STRICT;"
	"CREATE TABLE recheck ("
	"  live INTEGER NOT NULL CHECK (live IN (0, 1)),"
	"  number INTEGER NOT NULL, revision INTEGER NOT NULL,"
	"  PRIMARY KEY (live, number, revision)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE alert ("
	"  number INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  draft INTEGER NOT NULL, revision INTEGER NOT NULL, release TEXT NOT NULL,"
	"  worst TEXT NOT NULL, rules TEXT NOT NULL, report TEXT NOT NULL,"
	"  time INTEGER NOT NULL, settled INTEGER NOT NULL DEFAULT 0,"
	"  FOREIGN KEY (draft, revision) REFERENCES draft) STRICT;"
	"CREATE INDEX alert_open ON alert (number) WHERE settled = 0;"
	"CREATE INDEX alert_release ON alert (release);"
	"CREATE INDEX alert_draft ON alert (draft, revision);";

/* Suppressions, and what is remembered of texts that were refused, recalled or published:
 * keyed hashes only. */
static const char step_7[] =
	"CREATE TABLE suppression ("
	"  number INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  rule TEXT NOT NULL, text_hmac TEXT NOT NULL, owner TEXT NOT NULL,"
	"  second_pid TEXT NOT NULL DEFAULT '', first TEXT NOT NULL UNIQUE,"
	"  second TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL, time INTEGER NOT NULL,"
	"  expires INTEGER NOT NULL, confirmed INTEGER NOT NULL DEFAULT 0,"
	"  revoked INTEGER NOT NULL DEFAULT 0, revoked_by TEXT NOT NULL DEFAULT '',"
	"  revocation TEXT NOT NULL DEFAULT '') STRICT;"
	"CREATE INDEX suppression_force ON suppression (rule, text_hmac)"
	" WHERE second <> '' AND revoked = 0;"
	"CREATE TABLE sketch ("
	"  number INTEGER NOT NULL, revision INTEGER NOT NULL, position INTEGER NOT NULL,"
	"  key TEXT NOT NULL, words BLOB NOT NULL,"
	"  PRIMARY KEY (number, revision, position)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE band ("
	"  hash INTEGER NOT NULL, number INTEGER NOT NULL, revision INTEGER NOT NULL,"
	"  position INTEGER NOT NULL,"
	"  PRIMARY KEY (hash, number, revision, position)) STRICT, WITHOUT ROWID;";

/* Cleaned copies that authors asked for (fix.c). */
static const char step_8[] =
	"CREATE TABLE fix ("
	"  number INTEGER NOT NULL, revision INTEGER NOT NULL, draft TEXT NOT NULL,"
	"  pid TEXT NOT NULL, asked INTEGER NOT NULL,"
	"  state TEXT NOT NULL CHECK (state IN ('asked','working','done','failed')),"
	"  record TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',"
	"  PRIMARY KEY (number, revision),"
	"  FOREIGN KEY (number, revision) REFERENCES draft) STRICT, WITHOUT ROWID;"
	"CREATE INDEX fix_open ON fix (asked, number) WHERE state = 'asked';";

/* What a draft says of itself inside the house: no part of what is signed or published. */
static const char step_9[] =
	"CREATE TABLE internal ("
	"  number INTEGER NOT NULL, revision INTEGER NOT NULL, fields TEXT NOT NULL,"
	"  PRIMARY KEY (number, revision),"
	"  FOREIGN KEY (number, revision) REFERENCES draft) STRICT, WITHOUT ROWID;"
	"CREATE TRIGGER internal_immutable BEFORE UPDATE ON internal"
	" BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END;";

/* Clocks of a draft and their pauses (clocks.h). */
static const char step_10[] =
	"CREATE TABLE clock ("
	"  number INTEGER NOT NULL, kind TEXT NOT NULL,"
	"  routes TEXT NOT NULL, starts TEXT NOT NULL, pauses TEXT NOT NULL, ends TEXT NOT "
	"NULL,"
	"  unit TEXT NOT NULL CHECK (unit IN ('working-day','day','hour','minute')),"
	"  length INTEGER NOT NULL CHECK (length > 0),"
	"  moves INTEGER NOT NULL CHECK (moves IN (0, 1)),"
	"  extended INTEGER NOT NULL DEFAULT 0 CHECK (extended IN (0, 1)),"
	"  started INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL DEFAULT 0,"
	"  paused INTEGER NOT NULL DEFAULT 0, paused_total INTEGER NOT NULL DEFAULT 0,"
	"  ended INTEGER NOT NULL DEFAULT 0,"
	"  PRIMARY KEY (number, kind)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX clock_uncounted ON clock (number)"
	" WHERE due = 0 AND started > 0 AND ended = 0;"
	"CREATE INDEX clock_open ON clock (number) WHERE started > 0 AND ended = 0;"
	"CREATE TABLE clock_pause ("
	"  number INTEGER NOT NULL, kind TEXT NOT NULL,"
	"  since INTEGER NOT NULL, until INTEGER NOT NULL CHECK (until >= since),"
	"  PRIMARY KEY (number, kind, since)) STRICT, WITHOUT ROWID;";

/* Opinions asked outside, appeals, who stands in for whom, and exact edits (outcome.h). */
static const char step_11[] =
	"CREATE TABLE referral ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  number INTEGER NOT NULL, revision INTEGER NOT NULL,"
	"  pid TEXT NOT NULL, role TEXT NOT NULL, body TEXT NOT NULL, question TEXT NOT NULL,"
	"  third_party INTEGER NOT NULL CHECK (third_party IN (0, 1)),"
	"  envelope TEXT NOT NULL UNIQUE, asked INTEGER NOT NULL,"
	"  answered INTEGER NOT NULL DEFAULT 0, answered_by TEXT NOT NULL DEFAULT '',"
	"  opinion TEXT NOT NULL DEFAULT '', answer TEXT NOT NULL DEFAULT '',"
	"  scan_name TEXT NOT NULL DEFAULT '', scan_sha256 TEXT NOT NULL DEFAULT '',"
	"  FOREIGN KEY (number, revision) REFERENCES draft) STRICT;"
	"CREATE INDEX referral_draft ON referral (number, id);"
	"CREATE TABLE appeal ("
	"  number INTEGER PRIMARY KEY," /* of the draft: one, ever */
	"  revision INTEGER NOT NULL, pid TEXT NOT NULL, reason TEXT NOT NULL,"
	"  envelope TEXT NOT NULL UNIQUE, asked INTEGER NOT NULL,"
	"  outcome TEXT NOT NULL DEFAULT 'open'"
	"   CHECK (outcome IN ('open','upheld','admitted')),"
	"  decided INTEGER NOT NULL DEFAULT 0, decided_by TEXT NOT NULL DEFAULT '',"
	"  grounds TEXT NOT NULL DEFAULT '', decision TEXT NOT NULL DEFAULT '',"
	"  last_vote INTEGER NOT NULL DEFAULT 0," /* of before, void when it was admitted */
	"  FOREIGN KEY (number, revision) REFERENCES draft) STRICT;"
	"CREATE INDEX appeal_open ON appeal (asked, number) WHERE outcome = 'open';"
	"ALTER TABLE fix ADD COLUMN edits TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE vote ADD COLUMN stands_for TEXT NOT NULL DEFAULT '';";

/* What secrecy officers asked for about a spill, and the second who said the same. */
static const char step_12[] =
	"CREATE TABLE spill_order ("
	"  number INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  draft TEXT NOT NULL, revision INTEGER NOT NULL,"
	"  action TEXT NOT NULL CHECK (action IN ('open','close','reported')),"
	"  first_pid TEXT NOT NULL, second_pid TEXT NOT NULL DEFAULT '',"
	"  first TEXT NOT NULL UNIQUE, second TEXT NOT NULL DEFAULT '',"
	"  reason TEXT NOT NULL, time INTEGER NOT NULL, expires INTEGER NOT NULL,"
	"  share TEXT NOT NULL DEFAULT '') STRICT;"
	"CREATE INDEX spill_order_draft ON spill_order (draft, number);";

/* What a list sorts and filters by, and one index that answers all of it without touching a
 * row.  Reports that are a file of their own cannot be read here: until they are inspected
 * again such drafts stand with the worst, where nobody overlooks them. */
static const char step_13[] =
	"ALTER TABLE draft ADD COLUMN worst INTEGER NOT NULL DEFAULT 9;" /* S0..S4; 9: none */
	"ALTER TABLE draft ADD COLUMN rules TEXT NOT NULL DEFAULT '';"	 /* ' PI-001 WS-004 ' */
	"UPDATE draft SET"
	" worst = coalesce((SELECT min(CAST(substr(json_extract(f.value, '$.severity'), 2) AS"
	"  INTEGER)) FROM json_each(CAST(o.bytes AS TEXT), '$.files') p,"
	"  json_each(p.value, '$.findings') f"
	"  WHERE json_extract(f.value, '$.suppressed') IS NULL), 9),"
	" rules = substr(coalesce(' ' || (SELECT group_concat(rule, ' ') FROM (SELECT DISTINCT"
	"  json_extract(f.value, '$.rule') AS rule FROM"
	"  json_each(CAST(o.bytes AS TEXT), '$.files') p, json_each(p.value, '$.findings') f"
	"  WHERE json_extract(f.value, '$.suppressed') IS NULL)) || ' ', ''), 1, 1000)"
	" FROM object o WHERE o.sha256 = draft.report AND json_valid(CAST(o.bytes AS TEXT))"
	" AND state IN ('BLOCKED', 'HELD', 'IN_REVIEW', 'RETURNED', 'REFERRED', 'APPROVED');"
	"UPDATE draft SET worst = 0 WHERE report <> '' AND state IN ('HELD', 'IN_REVIEW',"
	" 'REFERRED') AND NOT EXISTS (SELECT 1 FROM object o WHERE o.sha256 = draft.report);"
	"DROP INDEX draft_queue;" /* its columns begin the new one */
	"CREATE INDEX draft_list ON draft (state, due, number, worst, created, unit,"
	" content_type, klass, title, rules, newest) WHERE newest = 1;";

/* What went out on a route that is reviewed afterwards is looked for by its class. */
static const char step_14[] =
	"CREATE INDEX draft_klass ON draft (klass, state) WHERE newest = 1;";

/* Who stands in for whom, as the units' administrators signed it; and the audit of that. */
static const char step_15[] =
	"CREATE TABLE delegation ("
	"  number INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  unit TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL,"
	"  substitute TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,"
	"  reason TEXT NOT NULL, begun_by TEXT NOT NULL, opening TEXT NOT NULL UNIQUE,"
	"  time INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0,"
	"  ended_by TEXT NOT NULL DEFAULT '', ending TEXT NOT NULL DEFAULT '') STRICT;"
	"CREATE INDEX delegation_unit ON delegation (unit, number);"
	"CREATE INDEX delegation_open ON delegation (substitute) WHERE ended = 0;"
	"CREATE INDEX audit_delegation ON audit (seq)"
	" WHERE kind IN ('delegation.begin', 'delegation.end');";

/* When a draft in review is to be looked at again (0: at once), and who was told that the step
 * whose turn it is is late: turn.h. */
static const char step_16[] =
	"CREATE TABLE turn (number INTEGER PRIMARY KEY, next INTEGER NOT NULL) STRICT;"
	"CREATE INDEX turn_next ON turn (next);"
	"CREATE TABLE escalation ("
	"  number INTEGER NOT NULL, revision INTEGER NOT NULL, role TEXT NOT NULL,"
	"  told TEXT NOT NULL, since INTEGER NOT NULL,"
	"  open INTEGER NOT NULL CHECK (open IN (0, 1)),"
	"  PRIMARY KEY (number, revision, role)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX escalation_told ON escalation (told, since, number) WHERE open = 1;"
	"INSERT INTO turn (number, next) SELECT number, 0 FROM draft"
	" WHERE newest = 1 AND state = 'IN_REVIEW';"
	"CREATE TRIGGER turn_moved AFTER UPDATE OF state ON draft WHEN NEW.newest = 1"
	" AND (NEW.state = 'IN_REVIEW') + (OLD.state = 'IN_REVIEW') > 0 BEGIN"
	" INSERT INTO turn (number, next) VALUES (NEW.number, 0)"
	"  ON CONFLICT (number) DO UPDATE SET next = 0; END;"
	"CREATE TRIGGER turn_voted AFTER INSERT ON vote BEGIN"
	" UPDATE turn SET next = 0 WHERE number = NEW.number; END;"
	"CREATE TRIGGER turn_counted AFTER UPDATE OF due ON clock WHEN OLD.due <> NEW.due BEGIN"
	" UPDATE turn SET next = 0 WHERE number = NEW.number; END;";

/* How many there are in a state is kept and not counted, and every order of a list has an index
 * that answers all of it: the first window costs the same whatever the number of drafts. */
static const char step_17[] =
	"CREATE TABLE draft_count (state TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT,"
	" WITHOUT ROWID;"
	"INSERT INTO draft_count (state, n)"
	" SELECT state, count(*) FROM draft WHERE newest = 1 GROUP BY state;"
	"CREATE TRIGGER draft_comes AFTER INSERT ON draft WHEN NEW.newest = 1 BEGIN"
	" INSERT INTO draft_count (state, n) VALUES (NEW.state, 1)"
	"  ON CONFLICT (state) DO UPDATE SET n = n + 1; END;"
	"CREATE TRIGGER draft_turns AFTER UPDATE OF state, newest ON draft"
	" WHEN OLD.state <> NEW.state OR OLD.newest <> NEW.newest BEGIN"
	" UPDATE draft_count SET n = n - 1 WHERE state = OLD.state AND OLD.newest = 1;"
	" INSERT INTO draft_count (state, n) SELECT NEW.state, 1 WHERE NEW.newest = 1"
	"  ON CONFLICT (state) DO UPDATE SET n = n + 1; END;"
	"CREATE INDEX draft_by_risk ON draft (state, worst, due, number, created, unit,"
	" content_type, klass, title, rules, newest) WHERE newest = 1;"
	"CREATE INDEX draft_by_age ON draft (state, created, due, number, worst, unit,"
	" content_type, klass, title, rules, newest) WHERE newest = 1;"
	"CREATE INDEX draft_by_unit ON draft (state, unit, due, number, worst, created,"
	" content_type, klass, title, rules, newest) WHERE newest = 1;"
	"CREATE INDEX draft_by_title ON draft (state, title, due, number, worst, created,"
	" unit, content_type, klass, rules, newest) WHERE newest = 1;"
	"CREATE INDEX draft_by_number ON draft (state, number, due, worst, created, unit,"
	" content_type, klass, title, rules, newest) WHERE newest = 1;";

static const char *const steps[] = {step_1,  step_2,  step_3,  step_4,	step_5,	 step_6,
				    step_7,  step_8,  step_9,  step_10, step_11, step_12,
				    step_13, step_14, step_15, step_16, step_17};
enum { NEWEST = sizeof(steps) / sizeof(steps[0]) };

static int version_of(struct db *d, int64_t *ret_v)
{
	return db_int(d, "SELECT coalesce(max(version), 0) FROM migration", ret_v, "");
}

static int apply(struct db *d, int64_t version, struct sl_why *why)
{
	int r = db_begin(d);

	if (r != SL_OK)
		return r;
	r = db_script(d, steps[version - 1], why);
	if (r == SL_OK)
		r = db_run(d, "INSERT INTO migration (version, applied) VALUES (?, ?)", "ii",
			   version, clock_now());
	return db_end(d, r);
}

static int too_new(int64_t version, struct sl_why *why)
{
	return why_set(
		why, SL_E_STATE,
		_("the store has version %lld, this program knows %d: use the newer program"),
		(long long)version, NEWEST);
}

int schema_migrate(struct db *d, struct sl_why *why)
{
	int64_t version = 0;
	int r = db_script(d,
			  "CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY,"
			  " applied INTEGER NOT NULL) STRICT;",
			  why);

	if (r == SL_OK)
		r = version_of(d, &version);
	if (r != SL_OK)
		return r;
	if (version > NEWEST)
		return too_new(version, why);
	while (r == SL_OK && version < NEWEST)
		r = apply(d, ++version, why);
	return r;
}

int schema_check(struct db *d, struct sl_why *why)
{
	int64_t version = 0;
	int r = version_of(d, &version);

	if (r == SL_E_INTERNAL) /* no such table */
		return why_set(why, SL_E_NOTFOUND, _("the desk has not made the store yet"));
	if (r != SL_OK)
		return r;
	if (version > NEWEST)
		return too_new(version, why);
	if (version < NEWEST)
		return why_set(why, SL_E_STATE,
			       _("the store has version %lld, not %d: start the desk first"),
			       (long long)version, NEWEST);
	return SL_OK;
}

int schema_quick_check(struct db *d, struct sl_why *why)
{
	sqlite3_stmt *q = NULL;
	char text[300] = "";
	int r = db_query(d, "PRAGMA quick_check(1)", &q, "");

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0)
		r = db_copy(q, 0, text, sizeof(text)) == SL_OK && text[0] == 'o' &&
				    text[1] == 'k' && text[2] == '\0'
			    ? SL_OK
			    : SL_E_CORRUPT;
	db_done(q);
	if (r != SL_E_CORRUPT)
		return r;
	return why_set(why, r, _("the database is damaged (%s); restore it from the backup"),
		       text[0] != '\0' ? text : "quick_check");
}
