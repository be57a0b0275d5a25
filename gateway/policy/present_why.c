/* present_why.c - what detectors noted, translated.
 *
 * Evidence words are for programs and stay what they are; this is their one dictionary. */
#include "policy/present_why.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"

struct entry {
	const char *word, *phrase;
};

static const struct entry words[] = {
	{"score:strong", N_("certain")},
	{"score:medium", N_("probable")},
	{"score:weak", N_("possible")},
	{"second-pass", N_("only visible once lines are joined or signs taken out")},
	{"pattern", N_("words of the rule")},
	/* numbers */
	{"shape", N_("the shape of such a number")},
	{"province", N_("begins with a province")},
	{"region", N_("begins with an administrative region")},
	{"date", N_("holds a real date")},
	{"month", N_("holds a real month")},
	{"birth-date", N_("shows a part of the birth date")},
	{"check-digit", N_("the check character is right")},
	{"check-digits", N_("the check digits are right")},
	{"check-digit-wrong", N_("the check character is wrong")},
	{"luhn", N_("the check digit is right")},
	{"issuer", N_("begins like the card of an issuer")},
	{"prefix", N_("begins like a number that operators use")},
	{"area-code", N_("begins with an area code")},
	{"new-energy", N_("the plate of a new-energy vehicle")},
	{"number", N_("a number stands beside it")},
	{"iccid", N_("number of a SIM card")},
	{"imei", N_("number of a telephone")},
	{"imsi", N_("number of a subscriber")},
	{"device-type", N_("names the type of a device")},
	/* people */
	{"name", N_("a full name")},
	{"masked-name", N_("a masked name")},
	{"surname", N_("begins with a surname")},
	{"sex", N_("the sex stands beside it")},
	{"greeting", N_("in a greeting")},
	{"age-or-class", N_("an age under 18 or a class")},
	{"school", N_("a school")},
	{"person", N_("a particular person")},
	/* marks and papers */
	{"grade", N_("a grade of secrecy")},
	{"star", N_("followed by a star")},
	{"asterisk", N_("followed by an asterisk")},
	{"alone", N_("alone on its line")},
	{"first-lines", N_("in the first lines")},
	{"label", N_("behind the label of such a field")},
	{"above-heading", N_("above an official heading")},
	{"no-grade", N_("no grade where one belongs")},
	{"disguised", N_("written so that it is not recognised")},
	{"document-number", N_("has a document number")},
	{"no-note", N_("nowhere says whether it is public")},
	{"declared-attribute", N_("declared so when it was handed in")},
	{"brackets", N_("wrong brackets")},
	{"ordinal", N_("第 is not written")},
	{"leading-zero", N_("no leading zeros")},
	{"no-such-day", N_("there is no such day")},
	{"not-listed", N_("not on the list of sources")},
	{"empty", N_("nothing stands there")},
	/* statements */
	{"future", N_("still to come")},
	{"operation", N_("a police operation")},
	{"day-or-hour", N_("with its day or hour")},
	{"table-head", N_("the head of a table")},
	/* networks and keys */
	{"private-range", N_("an address inside a network")},
	{"local-address", N_("an address of this network only")},
	{"inner-suffix", N_("a host of the intranet")},
	{"path", N_("a path inside the house")},
	{"plain-http", N_("not encrypted")},
	{"foreign-host", N_("not a public host of the list")},
	{"value", N_("a value stands there")},
	{"random", N_("it looks random")},
	/* the draft as a whole */
	{"overdue", N_("the term is over")},
	{"last-day", N_("today or the next working day is the last")},
	{"holidays-unknown",
	 N_("the calendar of that year is missing: counted by weekends alone")},
	{"shared:0", N_("none of them in the reply")},
	/* hidden places, by the filters that read files */
	{"comment", N_("a comment")},
	{"xml-comment", N_("a comment in the XML")},
	{"html-comment", N_("a comment in the HTML")},
	{"annotation", N_("an annotation")},
	{"speaker-notes", N_("speaker notes")},
	{"deleted", N_("deleted text that is still there")},
	{"deletion", N_("deleted text that is still there")},
	{"inserted", N_("text inserted with changes tracked")},
	{"formatting", N_("tracked changes of the format")},
	{"hidden-slide", N_("a hidden slide")},
	{"hidden-name", N_("a hidden name of cells")},
	{"hidden-element", N_("an element that is not shown")},
	{"stylesheet-hides", N_("a style sheet hides something")},
	{"may-be-hidden", N_("hidden under conditions that only a browser knows")},
	{"colour-not-read", N_("a colour in a notation that is not read")},
	{"reversed", N_("a reader sees it the other way round")},
	{"reordered", N_("a reader may see it in another order")},
	{"hidden-recipient", N_("a hidden recipient")},
	{"unused-string", N_("text that no cell shows")},
	{"unlisted-sheet", N_("a sheet that the workbook does not list")},
	{"unlisted-slide", N_("a slide that the presentation does not list")},
	{"unlisted-page", N_("a page that the document does not list")},
	{"outside-page", N_("outside the page")},
	{"fallback-differs", N_("the fallback says something else")},
	{"old-version", N_("an earlier version is still in the file")},
	{"macro", N_("a macro")},
	{"macro-sheet", N_("a macro sheet")},
	{"script", N_("a script")},
	{"javascript", N_("a script")},
	{"action", N_("an action when it is opened or clicked")},
	{"dde", N_("a call of another program")},
	{"embedded-object", N_("an embedded object")},
	{"object", N_("an embedded object")},
	{"linked-object", N_("a linked object")},
	{"embedded-file", N_("a file inside the file")},
	{"external-link", N_("a link to something outside the file")},
	{"external-template", N_("a template outside the file")},
	{"internal-path", N_("a path inside the house")},
	{"position", N_("a place on the map")},
	{"maker-note", N_("notes of the camera's maker")},
	{"sender", N_("the sender")},
	{"encrypted", N_("encrypted")},
	{"oversized", N_("too large")},
	{"nested-archive", N_("archives in archives")},
	{"polyglot", N_("two formats at once")},
	{"executable", N_("a program")},
	{"photograph", N_("a photograph")},
	{"wiped-patch", N_("a patch without grain where a grade would stand")},
	/* how it was hidden */
	{"fullwidth", N_("full-width characters")},
	{"radical", N_("radicals instead of characters")},
	{"compatibility", N_("enclosed or compatibility characters")},
	{"traditional", N_("traditional characters")},
	{"homoglyph", N_("letters of another script")},
	{"digits", N_("digits of another script")},
	{"zero-width", N_("invisible characters")},
	{"spaced", N_("spaces in between")},
	{"wrapped", N_("broken over lines")},
	{"interleaved", N_("other characters in between")},
	{"repeated", N_("characters repeated")},
	{"respelled", N_("other characters or pinyin")},
	{"hides-a-match", N_("it hides what another rule finds")},
	{"carries-text", N_("characters nobody sees, enough to spell words")},
	{"pinyin", N_("pinyin")},
	{"initials", N_("initials")},
	{"sound", N_("characters that sound the same")},
	{"split", N_("characters taken apart")},
	{NULL, NULL},
};

/* Words with a value behind the colon. */
static const struct entry values[] = {
	{"context", N_("near “%s”")},
	{"role", N_("behind “%s”")},
	{"phrase", N_("stands for “%s”")},
	{"title", N_("here with the title “%s”")},
	{"missing", N_("missing: %s")},
	{"due", N_("due on %s")},
	{"weekday-is", N_("that day is a %s")},
	{"listed", N_("%s attachments are listed")},
	{"rows", N_("%s filled rows")},
	{"units", N_("%s units")},
	{"visible", N_("%s characters are visible")},
	{"distinct", N_("%s different ones")},
	{"limit", N_("the limit is %s")},
	{"terms", N_("%s terms in the question")},
	{NULL, NULL},
};

static const char *find(const struct entry *list, const char *word, size_t len)
{
	for (; list->word != NULL; list++) {
		if (strlen(list->word) == len && memcmp(list->word, word, len) == 0)
			return _(list->phrase);
	}
	return NULL;
}

/* A translated phrase with at most one %s, filled without trusting it as a format. */
static void fill(const char *phrase, const char *value, char out[PRESENT_WHY_MAX])
{
	const char *hole = strstr(phrase, "%s");

	if (hole == NULL)
		(void)snprintf(out, PRESENT_WHY_MAX, "%s", phrase);
	else
		(void)snprintf(out, PRESENT_WHY_MAX, "%.*s%.160s%s", (int)(hole - phrase),
			       phrase, present_text(value), hole + 2);
}

void present_why(const char *word, char out[PRESENT_WHY_MAX])
{
	const char *colon = strchr(word, ':'), *phrase = find(words, word, strlen(word));

	if (phrase == NULL && colon != NULL && colon[1] != '\0')
		phrase = find(values, word, (size_t)(colon - word));
	else
		colon = NULL;
	if (phrase != NULL)
		fill(phrase, colon != NULL ? colon + 1 : "", out);
	else if (strncmp(word, "EX-", 3) == 0)
		(void)snprintf(out, PRESENT_WHY_MAX, _("judged by exception %.40s"),
			       present_text(word));
	else
		(void)snprintf(out, PRESENT_WHY_MAX, "%.200s", present_text(word));
}
