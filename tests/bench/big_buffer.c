/* big_buffer.c - preloaded into the programs that Sluice is compared with: they get the socket
 * buffers they ask for, beyond the limit for everybody.  The receiver of Sluice gets its own in
 * the same way. */
#include <dlfcn.h>
#include <sys/socket.h>

__attribute__((visibility("default"))) int setsockopt(int fd, int level, int name,
						      const void *value, socklen_t len)
{
	int (*real)(int, int, int, const void *, socklen_t);

	*(void **)&real = dlsym(RTLD_NEXT, "setsockopt");
	if (level == SOL_SOCKET && name == SO_RCVBUF)
		name = SO_RCVBUFFORCE;
	if (level == SOL_SOCKET && name == SO_SNDBUF)
		name = SO_SNDBUFFORCE;
	return real(fd, level, name, value, len);
}
