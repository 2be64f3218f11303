/* Owns the terminal's mode while single keys are taken. */
#include "os/keys.h"

#include <poll.h>
#include <stdbool.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static bool taken;

void keys_open(void)
{
	struct termios now;

	/* whoever is in the background is stopped for trying */
	if (taken || tcgetpgrp(STDIN_FILENO) != getpgrp() ||
	    tcgetattr(STDIN_FILENO, &before) < 0)
		return;
	now = before;
	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	taken = tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
}

void keys_close(void)
{
	if (taken)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	taken = false;
}

int keys_get(void)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	unsigned char key;

	if (!taken || poll(&in, 1, 0) <= 0 || !(in.revents & POLLIN) ||
	    read(STDIN_FILENO, &key, 1) != 1)
		return -1;
	return key;
}
