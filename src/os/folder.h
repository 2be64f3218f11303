/* The names in a folder. */
#ifndef OS_FOLDER_H
#define OS_FOLDER_H

#include <stdbool.h>

/* Call each with every name in the folder that begins with begun (those with a
   dot only if begun has one), in no order. A folder that cannot be read has
   none. */
void folder_names(const char *path, const char *begun,
		  void (*each)(void *arg, const char *name, bool is_folder),
		  void *arg);

#endif
