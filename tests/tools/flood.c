/*
 * flood: numbered Ethernet frames, as fast as they go or RATE a second.
 *
 * usage: flood INTERFACE[,INTERFACE]... COUNT LENGTH [RATE]
 *
 * With several interfaces they take turns.
 * Each frame is LENGTH bytes (60 to 1514): a broadcast of ethertype 0x88b5
 * (local experiments), a 32-bit big-endian number from 0, then bytes that each
 * are one more than the one before, beginning with the number's lowest byte.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 14, FRAME_MAX = 1514, IFACES_MAX = 8 };

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static void fill(uint8_t *frame, size_t len, uint32_t number)
{
	static const uint8_t header[HEADER] = {
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x88, 0xb5};
	const uint32_t big = htonl(number);
	size_t i;

	memcpy(frame, header, HEADER);
	memcpy(frame + HEADER, &big, sizeof(big));
	for (i = HEADER + sizeof(big); i < len; i++)
		frame[i] = (uint8_t)(number + i);
}

/* Wait until number i of so many a second is due. */
static void pace(const struct timespec *start, uint32_t i, long rate)
{
	const int64_t ns = (int64_t)i * 1000000000 / rate + start->tv_nsec;
	const struct timespec due = {start->tv_sec + ns / 1000000000,
				     ns % 1000000000};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL))
		;
}

/* The numbers of these interfaces. */
static size_t find(char *names, int index[IFACES_MAX])
{
	char *name = strtok(names, ",");
	size_t n = 0;

	for (; name && n < IFACES_MAX; name = strtok(NULL, ","))
		index[n++] = (int)if_nametoindex(name);
	return n;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET};
	int index[IFACES_MAX];
	size_t n;
	uint8_t frame[FRAME_MAX];
	struct timespec start;
	long count, len, rate;
	uint32_t i;
	int fd;

	if (argc != 4 && argc != 5)
		return 2;
	count = atol(argv[2]);
	len = atol(argv[3]);
	rate = argc > 4 ? atol(argv[4]) : 0;
	if (len < 60 || len > FRAME_MAX || rate < 0)
		return 2;
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		return fail("socket");
	n = find(argv[1], index);
	if (n == 0)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (i = 0; i < (uint32_t)count; i++) {
		/* the clock is looked at now and then */
		if (rate > 0 && i % 32 == 0)
			pace(&start, i, rate);
		fill(frame, (size_t)len, i);
		to.sll_ifindex = index[i % n];
		while (sendto(fd, frame, (size_t)len, 0, (struct sockaddr *)&to,
			      sizeof(to)) < 0)
			if (errno != ENOBUFS && errno != EINTR)
				return fail("sendto");
	}
	close(fd);
	return 0;
}
