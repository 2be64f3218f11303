/* Where a user's own files are (XDG Base Directory Specification). */
#ifndef OS_USER_FILE_H
#define OS_USER_FILE_H

#include "base/str.h"

/*
 * Append the path of the user's file of that name: below pcaptool/ in the
 * folder that the environment variable has, or by default in that folder of
 * HOME. Both must be absolute. false: neither is set, and *path is as it was.
 */
bool user_file_path(struct str *path, const char *variable,
		    const char *by_default, const char *name);

#endif
