/*
 * Which ssh connection is ours. In /proc (proc(5)) of each parent process this
 * reads stat (the parent's parent), environ, and for sshd the inode numbers of
 * its sockets, which net/tcp and net/tcp6 have beside the addresses.
 */
#include "os/ssh.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"

/* Parents that are looked at, and of an environment or a list of descriptors
   that much. */
#define PARENTS_MAX 64
#define ENVIRON_MAX ((size_t)1 << 20)
#define SOCKETS_MAX 64

static const char variable[] = "SSH_CONNECTION";

/* ---- the variable ---- */

static bool take_end(char *addr, const char *port, struct ssh_end *end)
{
	uint64_t n;

	addr[strcspn(addr, "%")] = '\0';
	if (!addr_parse(addr, &end->addr) || !num_u64(port, &n) || n == 0 ||
	    n > UINT16_MAX)
		return false;
	end->port = (uint16_t)n;
	return true;
}

bool ssh_parse(const char *text, struct ssh_connection *c)
{
	char words[4][72], more;

	return sscanf(text, "%71s %71s %71s %71s %c", words[0], words[1],
		      words[2], words[3], &more) == 4 &&
	       take_end(words[0], words[1], &c->client) &&
	       take_end(words[2], words[3], &c->server);
}

/* ---- a process's environment ---- */

static FILE *open_of(long pid, const char *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, file);
	return fopen(path, "re");
}

static bool in_environ(long pid, struct ssh_connection *c)
{
	FILE *f = open_of(pid, "environ");
	char *text = f ? malloc(ENVIRON_MAX + 1) : NULL;
	const size_t n = sizeof(variable) - 1;
	size_t len, at;
	bool found = false;

	len = text ? fread(text, 1, ENVIRON_MAX, f) : 0;
	for (at = 0; at < len && !found; at += strlen(text + at) + 1) {
		text[len] = '\0';
		found = !strncmp(text + at, variable, n) &&
			text[at + n] == '=' && ssh_parse(text + at + n + 1, c);
	}
	free(text);
	if (f)
		fclose(f);
	return found;
}

/* ---- a process's sockets ---- */

struct sockets {
	uint64_t inodes[SOCKETS_MAX];
	size_t n;
};

static void list_sockets(long pid, struct sockets *list)
{
	char path[64], link[64];
	const struct dirent *e;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
	dir = opendir(path);
	while (dir && list->n < SOCKETS_MAX && (e = readdir(dir))) {
		len = readlinkat(dirfd(dir), e->d_name, link, sizeof(link) - 1);
		link[len < 0 ? 0 : len] = '\0';
		if (sscanf(link, "socket:[%" SCNu64 "]",
			   &list->inodes[list->n]) == 1)
			list->n++;
	}
	if (dir)
		closedir(dir);
}

static bool has_socket(const struct sockets *list, uint64_t inode)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->inodes[i] == inode)
			return true;
	return false;
}

/* "0100007F:0016": words of 32 bits in the machine's byte order, and a port. */
static bool take_hex(const char *text, struct ssh_end *end)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	const size_t digits = strcspn(text, ":");
	uint8_t bytes[16];
	unsigned port;
	uint32_t word;
	size_t i;

	if ((digits != 8 && digits != 32) ||
	    sscanf(text + digits, ":%x", &port) != 1)
		return false;
	for (i = 0; i < digits / 8; i++) {
		if (sscanf(text + 8 * i, "%8" SCNx32, &word) != 1)
			return false;
		memcpy(bytes + 4 * i, &word, sizeof(word));
	}
	end->addr = (struct addr){.version = digits == 8 ? 4 : 6};
	memcpy(end->addr.bytes, bytes, digits / 2);
	if (digits == 32 && !memcmp(bytes, mapped, sizeof(mapped))) {
		end->addr = (struct addr){.version = 4};
		memcpy(end->addr.bytes, bytes + 12, 4);
	}
	end->port = (uint16_t)port;
	return true;
}

/* The first established connection in a table of the system's that is one of
   these sockets. */
static bool in_table(long pid, const char *file, const struct sockets *list,
		     struct ssh_connection *c)
{
	FILE *f = open_of(pid, file);
	char line[512], local[64], remote[64];
	bool found = false;
	unsigned state;
	uint64_t inode;

	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line,
			       " %*s %63s %63s %x %*s %*s %*s %*s %*s "
			       "%" SCNu64,
			       local, remote, &state, &inode) == 4 &&
			state == 1 && has_socket(list, inode) &&
			take_hex(remote, &c->client) &&
			take_hex(local, &c->server);
	if (f)
		fclose(f);
	return found;
}

static bool in_sockets(long pid, struct ssh_connection *c)
{
	struct sockets list = {.n = 0};

	list_sockets(pid, &list);
	return list.n > 0 && (in_table(pid, "net/tcp", &list, c) ||
			      in_table(pid, "net/tcp6", &list, c));
}

/* ---- the parents ---- */

/* The process's parent, and whether it is sshd, which since OpenSSH 9.8 runs a
   session as sshd-session. 0: none. */
static long parent_of(long pid, bool *sshd)
{
	FILE *f = open_of(pid, "stat");
	char text[512];
	const char *name, *end;
	long parent = 0;
	size_t len;

	len = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	text[len] = '\0';
	name = strchr(text, '(');
	end = strrchr(text, ')');
	*sshd = name && !strncmp(name + 1, "sshd", 4);
	if (!end || sscanf(end + 1, " %*c %ld", &parent) != 1)
		parent = 0;
	if (f)
		fclose(f);
	return parent;
}

bool ssh_find(struct ssh_connection *c, struct err *err)
{
	const char *text = getenv(variable);
	long pid = getpid(), parent;
	unsigned i;
	bool sshd;

	if (text && ssh_parse(text, c))
		return true;
	for (i = 0; pid > 0 && i < PARENTS_MAX; i++) {
		parent = parent_of(pid, &sshd);
		if (in_environ(pid, c) || (sshd && in_sockets(pid, c)))
			return true;
		pid = parent;
	}
	return err_set(err, ERR_USAGE,
		       "option --not-me: no ssh connection found: "
		       "SSH_CONNECTION is not set, "
		       "here or for a parent process");
}
