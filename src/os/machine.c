/* Facts about this machine and this program. */
#include "os/machine.h"

#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

uint64_t machine_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0;
}

uint64_t machine_memory_available(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	unsigned long long kib = 0;
	char line[256];

	while (f && !kib && fgets(line, sizeof(line), f))
		if (sscanf(line, "MemAvailable: %llu kB", &kib) != 1)
			kib = 0;
	if (f)
		fclose(f);
	return kib ? (uint64_t)kib * 1024 : machine_memory();
}

const char *machine_program(char *buf, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", buf, size - 1);

	if (n > 0)
		buf[n] = '\0';
	else
		snprintf(buf, size, "pcaptool");
	return buf;
}
