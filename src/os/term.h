/* Terminal detection and size. */
#ifndef OS_TERM_H
#define OS_TERM_H

#include <stdbool.h>

/* Is this standard stream a terminal? */
bool term_stdin(void);
bool term_stdout(void);
bool term_stderr(void);

/* Is standard output a terminal that shows colours, with an environment that
   does not refuse them (NO_COLOR; TERM=dumb)? */
bool term_colors(void);

/* Columns and rows of the terminal that stderr is; 80 and 24 if it does not
   knows. */
unsigned term_columns(void);
unsigned term_rows(void);

/* Is UTF-8 the environment's character set (LC_ALL, LC_CTYPE, LANG)? */
bool term_utf8(void);

#endif
