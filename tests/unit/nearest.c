/* "Did you mean": what counts as near. */
#include "base/nearest.h"
#include "base/array.h"

#include "tap.h"

static const char *selector(const char *word)
{
	static const char *const known[] = {"capture", "compile", "filter",
					    "list",    "read",	  "eth0"};
	struct nearest n = NEAREST_START(word);
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++)
		nearest_try(&n, known[i]);
	return n.best ? n.best : "nothing";
}

int main(void)
{
	char wide[100];

	is_int(nearest_distance("list", "list"), 0, "the same word");
	is_int(nearest_distance("LIST", "list"), 0, "case does not count");
	is_int(nearest_distance("lsit", "list"), 1, "two swapped");
	is_int(nearest_distance("lis", "list"), 1, "one missing");
	is_int(nearest_distance("", "list"), 4, "nothing typed");
	is_int(nearest_distance("kitten", "sitting"), 3, "a known pair");
	memset(wide, 'x', sizeof(wide));
	wide[99] = '\0';
	is_int(nearest_distance(wide, "x"), 62, "the first 63 characters");

	is_str(selector("captrue"), "capture", "swapped letters");
	is_str(selector("cap"), "capture", "a beginning");
	is_str(selector("eth1"), "eth0", "a neighbour's name");
	is_str(selector("lst"), "list", "a letter missing");
	is_str(selector("frobnicate"), "nothing", "a stranger");
	is_str(selector("x"), "nothing", "one letter is near to nothing");
	is_str(selector(""), "nothing", "no letter either");
	return done();
}
