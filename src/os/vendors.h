/*
 * Who made a network interface: the registries of the IEEE (MA-L, MA-M, MA-S
 * and IAB: 24, 28 and 36 bits of a MAC address), from their CSV files where the
 * system has them.
 */
#ifndef OS_VENDORS_H
#define OS_VENDORS_H

#include <stdint.h>

#include "base/err.h"

struct vendors;

/*
 * Read the files oui.csv, mam.csv, oui36.csv and iab.csv, those that there are;
 * directory NULL: where configure said. NULL: there is none, or no memory.
 */
struct vendors *vendors_open(const char *directory, struct err *err);
void vendors_close(struct vendors *vendors);

/* The organisation that the longest assigned beginning of the address belongs
   to, or NULL. Foreign text; lives as long as vendors. */
const char *vendors_name(const struct vendors *vendors, const uint8_t mac[6]);

#endif
