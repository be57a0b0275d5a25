/* banned.h - forced into every file by -include: calls that have no safe use here. */
#ifndef SL_BANNED_H
#define SL_BANNED_H
/* System headers first, so that their own declarations are not caught. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#define SL_BANNED(func) sorry_##func##_is_a_banned_function
#undef strcpy
#define strcpy(x, y) SL_BANNED(strcpy)
#undef strcat
#define strcat(x, y) SL_BANNED(strcat)
#undef strncpy
#define strncpy(x, y, n) SL_BANNED(strncpy)
#undef strncat
#define strncat(x, y, n) SL_BANNED(strncat)
#undef strtok
#define strtok(x, y) SL_BANNED(strtok)
#undef sprintf
#define sprintf(...) SL_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) SL_BANNED(vsprintf)
#undef atoi
#define atoi(x) SL_BANNED(atoi)
#undef atol
#define atol(x) SL_BANNED(atol)
#undef gets
#define gets(x) SL_BANNED(gets)
#undef localtime
#define localtime(t) SL_BANNED(localtime)
#undef gmtime
#define gmtime(t) SL_BANNED(gmtime)
#undef ctime
#define ctime(t) SL_BANNED(ctime)
#undef asctime
#define asctime(t) SL_BANNED(asctime)
#undef alloca
#define alloca(n) SL_BANNED(alloca)
#undef tmpnam
#define tmpnam(s) SL_BANNED(tmpnam)
#undef mktemp
#define mktemp(s) SL_BANNED(mktemp)
#undef system
#define system(s) SL_BANNED(system)
#endif
