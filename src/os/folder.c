/* The names in a folder. */
#include "os/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

void folder_names(const char *path, const char *begun,
		  void (*each)(void *arg, const char *name, bool is_folder),
		  void *arg)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	struct stat st;

	while (dir && (entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (strncmp(name, begun, strlen(begun)) != 0 ||
		    (name[0] == '.' && begun[0] != '.') || !strcmp(name, ".") ||
		    !strcmp(name, ".."))
			continue;
		each(arg, name,
		     fstatat(dirfd(dir), name, &st, 0) == 0 &&
			 S_ISDIR(st.st_mode));
	}
	if (dir)
		closedir(dir);
}
