/* Passwords, which no command line should have. */
#ifndef OS_PASSWORD_H
#define OS_PASSWORD_H

#include "base/err.h"

/* Ask for it on the terminal, which does not show it. NULL: *err says why; else
   it is for password_free(). */
char *password_ask(const char *prompt, struct err *err);

/* The first line of the file. NULL: *err says why. */
char *password_read(const char *path, struct err *err);

/* Overwrite it and free it; NULL does nothing. */
void password_free(char *password);

#endif
