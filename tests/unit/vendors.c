/* Vendors of MAC addresses, from registries that are made here. */
#include "os/vendors.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static const char dir[] = "vendors.tmp";

static void write_file(const char *name, const char *text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		exit(EXIT_FAILURE);
}

static const char *name_of(const struct vendors *v, const char *bytes)
{
	return vendors_name(v, (const uint8_t *)bytes);
}

int main(void)
{
	struct vendors *v;
	struct err err = {0};

	mkdir(dir, 0700);
	ok(!vendors_open(dir, &err), "an empty directory");
	is_str(err.text, "vendors.tmp: no registry of MAC addresses",
	       "... is said to be");
	write_file("oui.csv", "Registry,Assignment,Organization Name,Address\n"
			      "MA-L,70B3D5,IEEE Registration Authority,x\n"
			      "MA-L,00000C,\"Cisco Systems, Inc\",\"a, b\"\r\n"
			      "MA-L,0000AA,\"The \"\"Office\"\" \",x\n"
			      "MA-L,0000AB,,x\n"
			      "nonsense\nMA-L,XYZ,none,x\nMA-L,00\n");
	write_file("mam.csv", "MA-M,741AE09,Private,\n");
	write_file("oui36.csv", "MA-S,70B3D5F2F,Teleplatforms,x\n"
				"MA-S,70B3D5719,2M Technology");
	v = vendors_open(dir, &err);
	if (!ok(v != NULL, "three files of four"))
		return done();
	is_str(name_of(v, "\x00\x00\x0c\x01\x02\x03"), "Cisco Systems, Inc",
	       "24 bits, a comma in quotes");
	is_str(name_of(v, "\x00\x00\xaa\xff\xff\xff"), "The \"Office\"",
	       "quotes in quotes, no blank at the end");
	ok(!name_of(v, "\x00\x00\xab\0\0\0"), "an assignment without a name");
	ok(!name_of(v, "\x00\x00\x0d\0\0\0"), "one that is not there");
	ok(!name_of(v, "\xff\xff\xff\xff\xff\xff"), "after the last");
	ok(!name_of(v, "\0\0\0\0\0\0"), "before the first");
	is_str(name_of(v, "\x74\x1a\xe0\x9f\0\0"), "Private", "28 bits");
	ok(!name_of(v, "\x74\x1a\xe0\x8f\0\0"), "28 bits, the neighbour");
	is_str(name_of(v, "\x70\xb3\xd5\xf2\xf0\1"), "Teleplatforms",
	       "36 bits are closer than 24");
	is_str(name_of(v, "\x70\xb3\xd5\x71\x9a\1"), "2M Technology",
	       "a last line without an end");
	is_str(name_of(v, "\x70\xb3\xd5\x00\0\1"),
	       "IEEE Registration Authority", "else the 24");
	vendors_close(v);
	unlink("vendors.tmp/oui.csv");
	unlink("vendors.tmp/mam.csv");
	unlink("vendors.tmp/oui36.csv");
	rmdir(dir);
	return done();
}
