/* sign.c - a statement's signature, by our own key or through ssh-keygen.
 *
 * What ssh-keygen answers is verified with the public key before it is used, so that a
 * wrong key or a foreign program is noticed here and not by the desk. */
#include "review/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "crypto/sshsig.h"

enum { PUBLIC_MAX = 4096, ARMOUR_MAX = 4 * SSHSIG_MAX };

static int load_public(const char *path, struct ssh_key *ret_k, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, PUBLIC_MAX);
	r = file_read(AT_FDCWD, path, PUBLIC_MAX, &b);
	if (r == SL_OK)
		r = ssh_key_parse(buf_str(&b), b.len, ret_k);
	buf_release(&b);
	return r == SL_OK ? r
			  : why_set(why, r, _("%s is not an OpenSSH public key of type %s"),
				    path, ssh_key_type_name(SSH_KEY_FIDO));
}

/* The child: standard input is what is to be signed; the touch and the PIN are asked for
 * on the terminal.  Never returns. */
static void become(const char *path, int in, int out)
{
	const char *const argv[] = {"ssh-keygen",     "-Y", "sign", "-n",
				    SSHSIG_NAMESPACE, "-f", path,   NULL};

	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(127);
	(void)close_range(STDERR_FILENO + 1, ~0U, 0);
	(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static int read_answer(int fd, struct buf *out)
{
	char chunk[512];
	ssize_t n = 0;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno != EINTR)
			return sl_err_errno(errno);
		if (n > 0)
			buf_put(out, chunk, (size_t)n);
	}
	return buf_error(out);
}

static int wait_for(pid_t pid, struct sl_why *why)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return SL_E_IO;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return SL_OK;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return why_set(why, SL_E_NOTFOUND,
			       _("ssh-keygen cannot be started: install openssh-client"));
	return why_set(why, SL_E_CANCELED, _("ssh-keygen made no signature"));
}

static int run_keygen(const char *path, const struct buf *message, struct buf *answer,
		      struct sl_why *why)
{
	int ends[2] = {-1, -1}, in = file_in_memory(message->data, message->len),
	    r = in < 0 ? in : SL_OK;
	pid_t pid = -1;

	if (r == SL_OK && pipe2(ends, O_CLOEXEC) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK) {
		pid = fork();
		if (pid == 0)
			become(path, in, ends[1]);
		r = pid < 0 ? sl_err_errno(errno) : SL_OK;
	}
	file_close(ends[1]);
	if (r == SL_OK)
		r = read_answer(ends[0], answer);
	file_close(ends[0]);
	file_close(in);
	if (pid > 0) {
		int ended = wait_for(pid, why);

		r = ended != SL_OK ? ended : r;
	}
	return r;
}

static int sign_ssh(const char *path, enum predicate p, const char *manifest_sha256,
		    const json_t *predicate, struct buf *out, struct sl_why *why)
{
	struct buf payload, pae, answer, raw;
	char id[KEY_ID_HEX + 1];
	struct ssh_key k;
	int r = load_public(path, &k, why);

	buf_init(&payload, DSSE_MAX);
	buf_init(&pae, DSSE_MAX + 2 * DSSE_TYPE_MAX);
	buf_init(&answer, ARMOUR_MAX);
	buf_init(&raw, SSHSIG_MAX);
	if (r == SL_OK)
		r = statement_payload(p, manifest_sha256, predicate, &payload);
	if (r != SL_OK)
		goto out;
	dsse_pae(DSSE_INTOTO, payload.data, payload.len, &pae);
	r = buf_error(&pae);
	if (r == SL_OK)
		r = run_keygen(path, &pae, &answer, why);
	if (r == SL_OK)
		r = sshsig_unarmor(buf_str(&answer), answer.len, &raw);
	if (r == SL_OK)
		r = sshsig_verify(raw.data, raw.len, &k, false, pae.data, pae.len);
	if (r == SL_E_FORMAT || r == SL_E_SIGNATURE)
		r = why_set(why, r, _("ssh-keygen did not sign with %s"), path);
	ssh_key_id(&k, id);
	if (r == SL_OK)
		r = dsse_wrap(DSSE_INTOTO, payload.data, payload.len, id, raw.data, raw.len,
			      out);
out:
	buf_release(&payload);
	buf_release(&pae);
	buf_release(&answer);
	buf_release(&raw);
	return r;
}

int sign_decision(const struct session *s, enum predicate p, const char *manifest_sha256,
		  const json_t *predicate, struct buf *out, struct sl_why *why)
{
	return s->config->approval_key == NULL
		       ? statement_sign(s->key, p, manifest_sha256, predicate, out)
		       : sign_ssh(s->config->approval_key, p, manifest_sha256, predicate, out,
				  why);
}

int sign_key_id(const struct session *s, char ret_id[KEY_ID_HEX + 1])
{
	struct ssh_key k;

	if (s->config->approval_key == NULL) {
		memcpy(ret_id, key_id(s->key), KEY_ID_HEX + 1);
		return SL_OK;
	}
	if (load_public(s->config->approval_key, &k, NULL) != SL_OK)
		return SL_E_CONFIG;
	ssh_key_id(&k, ret_id);
	return SL_OK;
}
