/* The words of a list's filter: refused with a sentence, or bounded fields and no more. */
#include <stdlib.h>
#include <string.h>

#include "review/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct draft_query q = {.states = {DRAFT_IN_REVIEW}, .n_states = 1, .limit = 1},
			   was = q;
	struct sl_why why = {""};
	char *words = malloc(size + 1);

	if (words == NULL)
		return 0;
	memcpy(words, data, size);
	words[size] = '\0';
	if (filter_parse(words, 1795770000, &q, &why) == SL_OK) {
		BUG(q.n_states == 0 || q.n_states > DRAFT_STATE_COUNT);
		BUG(q.n_words > DRAFT_WORDS_MAX || q.limit != 1);
		for (unsigned i = 0; i < q.n_states; i++)
			BUG(q.states[i] == DRAFT_PREPARED || q.states[i] >= DRAFT_STATE_COUNT);
		for (unsigned i = 0; i < q.n_words; i++)
			BUG(memchr(q.words[i].text, '\0', sizeof(q.words[i].text)) == NULL ||
			    q.words[i].text[0] == '\0');
		BUG(memchr(q.unit, '\0', sizeof(q.unit)) == NULL ||
		    memchr(q.rule, '\0', sizeof(q.rule)) == NULL);
	} else {
		BUG(why.text[0] == '\0' || memcmp(&q, &was, sizeof(q)) != 0);
	}
	free(words);
	return 0;
}
