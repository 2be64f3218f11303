/*
 * Single keys typed at the terminal that standard input is, as they come and
 * without an echo.
 */
#ifndef OS_KEYS_H
#define OS_KEYS_H

/* Take keys until keys_close(). Does nothing where there is no terminal, or
   this process is not in its foreground. */
void keys_open(void);
void keys_close(void);

/* The next key that was typed, or -1; waits for none. */
int keys_get(void);

#endif
