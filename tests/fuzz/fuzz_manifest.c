/* Manifests: what loads names its blobs safely. */
#include "base/text.h"
#include "trust/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct manifest *m = NULL;
	struct sl_why why;

	if (manifest_parse(data, size, &m, &why) != SL_OK)
		return 0;
	BUG(m->n_blobs == 0 || m->n_channels == 0 || !release_id_ok(m->id));
	for (unsigned i = 0; i < m->n_blobs; i++)
		BUG(!text_is_safe_name(m->blobs[i].name, strlen(m->blobs[i].name)));
	manifest_free(m);
	return 0;
}
