/* pull_kit.c - see pull_kit.h. */
#include "pull_kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

enum { ARGS_MAX = 24 };

void stage_new(struct stage *s)
{
	struct site_options o = {.address = "127.0.0.1",
				 .connections = 64,
				 .connections_per_ip = 64,
				 .timeout_seconds = 10,
				 .threads = 1};
	struct sl_why why = {.text = ""};

	memset(s, 0, sizeof(*s));
	okit_new(&s->k, clock_now());
	o.tree_fd = s->k.tree;
	if (site_open(&o, &s->site, &why) != SL_OK)
		fail_msg("%s", why.text);
	(void)snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%u",
		       (unsigned)site_port(s->site));
	(void)snprintf(s->into, sizeof(s->into), "%s/into", s->k.dir);
	(void)snprintf(s->hook, sizeof(s->hook), "%s/hook", s->k.dir);
	(void)snprintf(s->hook_log, sizeof(s->hook_log), "%s/hook.log", s->k.dir);
	okit_root_path(&s->k, s->root);
	/* The person's copy of the root: the served one may be changed by a test. */
	{
		char *text = okit_read(AT_FDCWD, s->root);

		(void)snprintf(s->root, sizeof(s->root), "%s/trust-root.json", s->k.dir);
		okit_write(AT_FDCWD, s->root, text, strlen(text));
		free(text);
	}
}

void stage_free(struct stage *s)
{
	site_close(s->site);
	okit_free(&s->k);
}

/* Run the real program; its standard output is returned (caller frees). */
char *stage_run(const char *const *args, int *ret_exit)
{
	const char *argv[ARGS_MAX] = {SL_BUILD_DIR "/bin/sluice-pull"};
	FILE *out = tmpfile();
	struct buf b;
	size_t len;
	int status;
	pid_t pid;

	for (int i = 0; args[i] != NULL; i++)
		argv[i + 1] = args[i];
	assert_non_null(out);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)dup2(fileno(out), 1);
		(void)execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	*ret_exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
	assert_int_equal(lseek(fileno(out), 0, SEEK_SET), 0);
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read_fd(fileno(out), 1 << 20, &b), SL_OK);
	buf_put(&b, "", 1);
	(void)fclose(out);
	return (char *)buf_take(&b, &len);
}

void stage_pull_with(struct stage *s, const char *option, const char *value, int want,
		     const char *says)
{
	const char *args[] = {"--from", s->url,	  "--trust", s->root, "--into",
			      s->into,	"--json", option,    value,   NULL};
	int got;
	char *out = stage_run(args, &got);

	if (got != want || strstr(out, says) == NULL)
		fail_msg("exit %d, not %d; wanted \"%s\" in: %s", got, want, says, out);
	free(out);
}

void stage_pull(struct stage *s, int want, const char *says)
{
	stage_pull_with(s, NULL, NULL, want, says);
}

bool stage_there(const struct stage *s, const char *path)
{
	char full[512];
	struct stat st;

	(void)snprintf(full, sizeof(full), "%s/%s", s->into, path);
	return lstat(full, &st) == 0;
}

void stage_verify(const struct stage *s, const char *package, int want)
{
	char path[256];
	const char *args[] = {"verify", path, "--trust", s->root, "--json", NULL};
	int got;
	char *out;

	(void)snprintf(path, sizeof(path), "%s/releases/%s", s->into, package);
	out = stage_run(args, &got);
	if (got != want)
		fail_msg("verify: exit %d, not %d: %s", got, want, out);
	free(out);
}
