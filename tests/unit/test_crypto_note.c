/* Signed notes and cosignatures: worked vectors, one split only (P14), limits (P22). */
#include <string.h>

#include "tlog_kit.h"

#define ORIGIN	"outlet.example/release-log"
#define WITNESS "witness.example/w1"
static const char VKEY[] = ORIGIN "+458b4429+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
#define TEXT ORIGIN "\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
#define LOG_LINE                                                                               \
	"\xe2\x80\x94 " ORIGIN " RYtEKc34ffF/TGD9iOE67A9iikydqTQtUTA0LcIy/nU0Y/+qPpe60Sp9wPQt" \
	"gQcOmFV9ebgmpcHvcc3gEEgTzD1TpQ8=\n"
#define WITNESS_LINE                                                                           \
	"\xe2\x80\x94 " WITNESS                                                                \
	" 519lMgAAAABlU/EAKdfOATtfTS6+awncD53hD9XxOTeHX21SjXLGEzNZRBpz"                        \
	"cQU73azEwhPYC/KZN3LuuhRXzbajbHhYrt/YzeUjBA==\n"
#define STRANGER "\xe2\x80\x94 stranger.example AAAAAAA=\n"
static const char NOTE[] = TEXT "\n" LOG_LINE;

static int start(void **state)
{
	(void)state;
	return crypto_start();
}

static struct note_key vector_key(const char *name, enum note_kind kind)
{
	struct key *k = kit_vector_key(kind == NOTE_LOG ? KEY_LOG : KEY_WITNESS);
	struct note_key nk;

	assert_int_equal(note_key_make(name, kind, key_public(k), &nk), SL_OK);
	key_free(k);
	return nk;
}

static void matches_worked_vectors(void **state)
{
	struct key *log = kit_vector_key(KEY_LOG), *witness = kit_vector_key(KEY_WITNESS);
	struct note_key lk = vector_key(ORIGIN, NOTE_LOG),
			wk = vector_key(WITNESS, NOTE_COSIGNATURE), back;
	int64_t time = 0;
	struct buf b;

	(void)state;
	buf_init(&b, NOTE_MAX);
	note_key_write(&lk, &b);
	assert_string_equal(buf_str(&b), VKEY);
	assert_int_equal(note_key_parse(VKEY, strlen(VKEY), &back), SL_OK);
	assert_memory_equal(&back.public_key, &lk.public_key, KEY_PUBLIC);
	assert_string_equal(back.name, ORIGIN);
	assert_int_equal(back.kind, NOTE_LOG);
	buf_clear(&b);
	assert_int_equal(note_sign(log, ORIGIN, TEXT, strlen(TEXT), &b), SL_OK);
	assert_string_equal(buf_str(&b), NOTE);
	assert_int_equal(note_cosign(witness, WITNESS, 1700000000, &b), SL_OK);
	assert_string_equal(buf_str(&b), TEXT "\n" LOG_LINE WITNESS_LINE);
	assert_int_equal(note_verify(b.data, b.len, &lk, NULL), SL_OK);
	assert_int_equal(note_verify(b.data, b.len, &wk, &time), SL_OK);
	assert_int_equal(time, 1700000000);
	buf_release(&b);
	key_free(log);
	key_free(witness);
}

/* The example of the signed-note specification. */
static void matches_the_standards_example(void **state)
{
	static const char vkey[] = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKa"
				   "ANYcrnKv3U2k";
	static const char note[] =
		"This is an example message.\n\n\xe2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2"
		"VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
		"\n";
	struct note_key k;

	(void)state;
	assert_int_equal(note_key_parse(vkey, strlen(vkey), &k), SL_OK);
	assert_int_equal(note_verify(note, strlen(note), &k, NULL), SL_OK);
}

static void vkeys_have_one_spelling(void **state)
{
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{"other name", "outlet", "outlat"},
		{"wrong hash", "458b4429", "458b442a"},
		{"upper case", "458b4429", "458B4429"},
		{"short hash", "458b4429", "458b44"},
		{"other type", "+AQOh", "+AgOh"},
		{"cosignature under the log's hash", "+AQOh", "+BAOh"},
		{"unpadded", "VTG4", "VTG"},
		{"long key", "VTG4", "VTG4AAAA"},
		{"no key", "+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", "+"},
		{"no second part", "+458b4429+AQOhB7/zzhC+HX", "-458b4429-AQOhB7/zzhC-HX"},
		{"space in the name", "outlet.", "outlet "},
		{"empty name", ORIGIN, ""},
		{"deceptive name", "outlet.", "outlet\xe2\x80\xae."},
		{"broken name", "outlet.", "outlet\xff."},
		{"line end", "VTG4", "VTG4\n"},
		/* identity point: it would verify anything */
		{"small order", "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		 "AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
	};
	char name[NOTE_NAME_MAX + 2];
	struct note_key k = vector_key(ORIGIN, NOTE_LOG), out;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *bad = kit_replace(VKEY, rows[i].from, rows[i].to);

		if (note_key_parse(bad, strlen(bad), &out) != SL_E_FORMAT)
			fail_msg("%s", rows[i].name);
		free(bad);
	}
	memset(name, 'n', sizeof(name));
	name[NOTE_NAME_MAX] = '\0';
	assert_int_equal(note_key_make(name, NOTE_LOG, k.public_key, &out), SL_E_FORMAT);
	name[NOTE_NAME_MAX - 1] = '\0';
	assert_int_equal(note_key_make(name, NOTE_LOG, k.public_key, &out), SL_OK);
	assert_int_equal(note_key_make("a+b", NOTE_LOG, k.public_key, &out), SL_E_FORMAT);
	assert_int_equal(note_key_make("a", (enum note_kind)2, k.public_key, &out),
			 SL_E_FORMAT);
}

static void p14_note_splits_at_its_last_empty_line(void **state)
{
	/* A text that carries a whole good note: its lines are not signatures of this one. */
	static const char forged[] = TEXT "\n" LOG_LINE "\nmore text\n\n" STRANGER;
	struct note_key k = vector_key(ORIGIN, NOTE_LOG);
	size_t len = 0;

	(void)state;
	assert_int_equal(note_text(NOTE, strlen(NOTE), &len), SL_OK);
	assert_int_equal(len, strlen(TEXT));
	assert_int_equal(note_text(forged, strlen(forged), &len), SL_OK);
	assert_int_equal(len, strlen(forged) - strlen(STRANGER) - 1);
	assert_int_equal(note_verify(forged, strlen(forged), &k, NULL), SL_E_NOTFOUND);
}

static void p14_forms_of_notes(void **state)
{
	static const struct {
		const char *name, *note;
		int want;
	} rows[] = {
		{"good", TEXT "\n" LOG_LINE, SL_OK},
		{"stranger first", TEXT "\n" STRANGER LOG_LINE, SL_OK},
		{"stranger of our name", TEXT "\n\xe2\x80\x94 " ORIGIN " AAAAAAA=\n" LOG_LINE,
		 SL_OK},
		{"twice", TEXT "\n" LOG_LINE LOG_LINE, SL_OK},
		{"only strangers", TEXT "\n" STRANGER, SL_E_NOTFOUND},
		{"other text", "x" TEXT "\n" LOG_LINE, SL_E_SIGNATURE},
		{"longer text", TEXT "\n\n" LOG_LINE, SL_E_SIGNATURE},
		{"short signature of our key", TEXT "\n\xe2\x80\x94 " ORIGIN " RYtEKQA=\n",
		 SL_E_SIGNATURE},
		{"bad signature before the good",
		 TEXT "\n\xe2\x80\x94 " ORIGIN " RYtEKQA=\n" LOG_LINE, SL_E_SIGNATURE},
		{"no empty line", TEXT LOG_LINE, SL_E_FORMAT},
		{"no signature", TEXT "\n", SL_E_FORMAT},
		{"empty", "", SL_E_FORMAT},
		{"only line ends", "\n\n\n\n", SL_E_FORMAT},
		{"no last line end", TEXT "\n\xe2\x80\x94 a AAAAAAA=", SL_E_FORMAT},
		{"carriage return", TEXT "\n\xe2\x80\x94 a AAAAAAA=\r\n" LOG_LINE, SL_E_FORMAT},
		{"broken UTF-8", "\xff" TEXT "\n" LOG_LINE, SL_E_FORMAT},
	};
	struct note_key k = vector_key(ORIGIN, NOTE_LOG);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int r = note_verify(rows[i].note, strlen(rows[i].note), &k, NULL);

		if (r != rows[i].want)
			fail_msg("%s: %d", rows[i].name, r);
	}
	assert_int_equal(note_verify("a\0b\n\n" LOG_LINE, 5 + strlen(LOG_LINE), &k, NULL),
			 SL_E_FORMAT);
}

static void p22_garbage_signature_line_refuses_the_note(void **state)
{
	static const char *const rows[] = {
		"garbage\n",
		"- " ORIGIN " AAAAAAA=\n",
		"\xe2\x80\x94" ORIGIN " AAAAAAA=\n",
		"\xe2\x80\x94 a\n",
		"\xe2\x80\x94 a \n",
		"\xe2\x80\x94  AAAAAAA=\n",
		"\xe2\x80\x94 a AAAAAAA\n",
		"\xe2\x80\x94 a AAAA\n", /* an id alone is no signature */
		"\xe2\x80\x94 a AAAAAA==\n",
		"\xe2\x80\x94 a AAAAAAA= \n",
		"\xe2\x80\x94 a b AAAAAAA=\n",
		"\xe2\x80\x94 a+b AAAAAAA=\n",
		"\xe2\x80\x94 a\xc2\xa0z AAAAAAA=\n",
	};
	struct note_key k = vector_key(ORIGIN, NOTE_LOG);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *first = kit_replace(NOTE, "\xe2\x80\x94", "@\xe2\x80\x94"), *note;
		struct buf last;

		note = kit_replace(first, "@", rows[i]);
		if (note_verify(note, strlen(note), &k, NULL) != SL_E_FORMAT)
			fail_msg("first: %s", rows[i]);
		buf_init(&last, NOTE_MAX);
		buf_puts(&last, NOTE);
		buf_puts(&last, rows[i]);
		if (note_verify(last.data, last.len, &k, NULL) != SL_E_FORMAT)
			fail_msg("last: %s", rows[i]);
		buf_release(&last);
		free(first);
		free(note);
	}
}

static void p22_ten_thousand_signature_lines(void **state)
{
	struct note_key k = vector_key(ORIGIN, NOTE_LOG);
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	buf_puts(&b, NOTE);
	for (unsigned i = 1; i < NOTE_LINES_MAX; i++)
		buf_puts(&b, STRANGER);
	assert_int_equal(note_verify(b.data, b.len, &k, NULL), SL_OK);
	buf_puts(&b, STRANGER);
	assert_int_equal(note_verify(b.data, b.len, &k, NULL), SL_E_LIMIT);
	for (unsigned i = 0; i < 10000; i++)
		buf_puts(&b, STRANGER);
	assert_int_equal(note_verify(b.data, b.len, &k, NULL), SL_E_LIMIT);
	buf_release(&b);
}

static void cosignatures_say_when(void **state)
{
	struct note_key k = vector_key(WITNESS, NOTE_COSIGNATURE);
	struct key *witness = kit_vector_key(KEY_WITNESS);
	char *bad;
	int64_t time = -1;
	struct buf b;

	(void)state;
	buf_init(&b, NOTE_MAX);
	buf_puts(&b, NOTE);
	assert_int_equal(note_verify(b.data, b.len, &k, &time), SL_E_NOTFOUND);
	assert_int_equal(time, -1);
	buf_puts(&b, WITNESS_LINE);
	assert_int_equal(note_cosign(witness, WITNESS, 1700000500, &b), SL_OK);
	assert_int_equal(note_verify(b.data, b.len, &k, &time), SL_OK);
	assert_int_equal(time, 1700000500);
	/* another time under the same signature */
	bad = kit_replace(TEXT "\n" WITNESS_LINE, "BlU/EA", "BlU/EB");
	assert_int_equal(note_verify(bad, strlen(bad), &k, &time), SL_E_SIGNATURE);
	free(bad);
	/* beyond 63 bits */
	bad = kit_replace(TEXT "\n" WITNESS_LINE, "519lMgAAAAB", "519lMoAAAAB");
	assert_int_equal(note_verify(bad, strlen(bad), &k, &time), SL_E_SIGNATURE);
	free(bad);
	assert_int_equal(note_cosign(witness, WITNESS, -1, &b), SL_E_FORMAT);
	buf_clear(&b);
	assert_int_equal(
		note_cosignature_line(witness, WITNESS, 1700000000, TEXT, strlen(TEXT), &b),
		SL_OK);
	assert_string_equal(buf_str(&b), WITNESS_LINE);
	key_free(witness);
	buf_release(&b);
}

static void p12_other_keys_and_texts_are_not_signed(void **state)
{
	static const char *const texts[] = {"a\n\nb\n", "\nb\n", "a", "\n", "", "a\tb\n"};
	struct key *log = kit_vector_key(KEY_LOG), *witness = kit_vector_key(KEY_WITNESS),
		   *desk = kit_vector_key(KEY_DESK);
	struct buf b;

	(void)state;
	buf_init(&b, NOTE_MAX);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(note_sign(log, ORIGIN, texts[i], strlen(texts[i]), &b),
				 SL_E_FORMAT);
		assert_int_equal(note_cosignature_line(witness, WITNESS, 1, texts[i],
						       strlen(texts[i]), &b),
				 SL_E_FORMAT);
	}
	assert_int_equal(note_sign(log, ORIGIN, "hello\n", 6, &b), SL_E_DENIED);
	assert_int_equal(note_sign(log, "two words", TEXT, strlen(TEXT), &b), SL_E_FORMAT);
	assert_int_equal(note_sign(desk, ORIGIN, TEXT, strlen(TEXT), &b), SL_E_DENIED);
	assert_int_equal(note_sign(witness, ORIGIN, TEXT, strlen(TEXT), &b), SL_E_DENIED);
	assert_int_equal(note_cosignature_line(log, WITNESS, 1, TEXT, strlen(TEXT), &b),
			 SL_E_DENIED);
	assert_int_equal(b.len, 0);
	buf_release(&b);
	key_free(log);
	key_free(witness);
	key_free(desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_worked_vectors),
		cmocka_unit_test(matches_the_standards_example),
		cmocka_unit_test(vkeys_have_one_spelling),
		cmocka_unit_test(p14_note_splits_at_its_last_empty_line),
		cmocka_unit_test(p14_forms_of_notes),
		cmocka_unit_test(p22_garbage_signature_line_refuses_the_note),
		cmocka_unit_test(p22_ten_thousand_signature_lines),
		cmocka_unit_test(cosignatures_say_when),
		cmocka_unit_test(p12_other_keys_and_texts_are_not_signed),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
