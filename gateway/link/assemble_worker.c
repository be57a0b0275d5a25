/* assemble_worker.c - one thread, two queues. */
#include "link/assemble_worker.h"

#include <pthread.h>
#include <stdlib.h>

struct queue { /* ring of w->most places */
	struct assemble_part **part;
	unsigned first, n;
};
struct assemble_worker {
	const struct quarantine *q;
	unsigned most;
	unsigned given; /* and not taken back */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	struct queue todo, finished;
	bool stop;
};

static void put(struct assemble_worker *w, struct queue *q, struct assemble_part *p)
{
	BUG(q->n == w->most);
	q->part[(q->first + q->n++) % w->most] = p;
}

static struct assemble_part *get(struct assemble_worker *w, struct queue *q)
{
	struct assemble_part *p = q->part[q->first];

	q->first = (q->first + 1) % w->most;
	q->n--;
	return p;
}

static void *run(void *arg)
{
	struct assemble_worker *w = arg;

	(void)pthread_mutex_lock(&w->lock);
	for (;;) {
		struct assemble_part *p;

		while (w->todo.n == 0 && !w->stop)
			(void)pthread_cond_wait(&w->work, &w->lock);
		if (w->todo.n == 0)
			break;
		p = get(w, &w->todo);
		(void)pthread_mutex_unlock(&w->lock);
		p->result = assemble_part_finish(p, w->q);
		(void)pthread_mutex_lock(&w->lock);
		put(w, &w->finished, p);
		(void)pthread_cond_signal(&w->done);
	}
	(void)pthread_mutex_unlock(&w->lock);
	return NULL;
}

static void release(struct assemble_worker *w)
{
	free(w->todo.part);
	free(w->finished.part);
	free(w);
}

int assemble_worker_new(const struct quarantine *q, unsigned most,
			struct assemble_worker **ret_w)
{
	struct assemble_worker *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return SL_E_NOMEM;
	w->q = q;
	w->most = most;
	w->todo.part = calloc(most, sizeof(struct assemble_part *));
	w->finished.part = calloc(most, sizeof(struct assemble_part *));
	/* These cannot fail with default attributes on this system. */
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_cond_init(&w->work, NULL);
	(void)pthread_cond_init(&w->done, NULL);
	if (w->todo.part == NULL || w->finished.part == NULL ||
	    pthread_create(&w->thread, NULL, run, w) != 0) {
		release(w);
		return SL_E_NOMEM;
	}
	*ret_w = w;
	return SL_OK;
}

void assemble_worker_free(struct assemble_worker *w)
{
	if (w == NULL)
		return;
	(void)pthread_mutex_lock(&w->lock);
	w->stop = true;
	(void)pthread_cond_signal(&w->work);
	(void)pthread_mutex_unlock(&w->lock);
	(void)pthread_join(w->thread, NULL);
	(void)pthread_cond_destroy(&w->work);
	(void)pthread_cond_destroy(&w->done);
	(void)pthread_mutex_destroy(&w->lock);
	release(w);
}

void assemble_worker_give(struct assemble_worker *w, struct assemble_part *p)
{
	(void)pthread_mutex_lock(&w->lock);
	put(w, &w->todo, p);
	w->given++;
	(void)pthread_cond_signal(&w->work);
	(void)pthread_mutex_unlock(&w->lock);
}

struct assemble_part *assemble_worker_take(struct assemble_worker *w, bool wait)
{
	struct assemble_part *p = NULL;

	(void)pthread_mutex_lock(&w->lock);
	while (wait && w->given > 0 && w->finished.n == 0)
		(void)pthread_cond_wait(&w->done, &w->lock);
	if (w->finished.n > 0) {
		p = get(w, &w->finished);
		w->given--;
	}
	(void)pthread_mutex_unlock(&w->lock);
	return p;
}
