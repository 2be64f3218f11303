/*
 * Configuration files, and what they decide.
 *
 * A file holds lines of `key = value`; # begins a comment, a value may be
 * in double quotes (then \" and \\ mean " and \). Read are, in this order:
 * $XDG_CONFIG_HOME/pcaptool/config (else ~/.config/pcaptool/config) and
 * SYSCONFDIR/pcaptool.conf; what the first one sets the second one does not
 * change.
 */
#ifndef CMD_CONFIG_H
#define CMD_CONFIG_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "os/sandbox.h"

struct config {
	/* NULL: not set */
	char *libpcap; /* which one to use */
	char *macros;  /* the file that has those of field expressions */
	char *sandbox; /* its level */
};

void config_fini(struct config *config);

/*
 * Read one file into *config, where unset. A missing file is not an
 * error, one that may not be read is worth a warning; one that cannot be
 * understood is an error (ERR_USAGE with file and line).
 */
bool config_read(struct config *config, const char *path, struct err *err);

/*
 * Choose and load the libpcap to use: option (the value of --libpcap; NULL:
 * not given), else $PCAPTOOL_LIBPCAP, else a configuration file's `libpcap`,
 * else the system's. A process with raised privileges uses the system's
 * and warns if anything else was chosen. To be called once, before the first
 * call into libpcap.
 */
bool config_libpcap(const char *option, struct err *err);

/*
 * The level of the sandbox: option (enum sandbox_level; -1: not given), else
 * $PCAPTOOL_SANDBOX, else a configuration file's `sandbox`, else the best. A
 * process with raised privileges asks only the system's file. false: *err says
 * which of them is not a level.
 */
bool config_sandbox(int option, enum sandbox_level *level, struct err *err);

/* Have the sandbox leave the files that hints about expressions come from. */
void config_allow(void);

/*
 * Append the path of the file of macros: that of the key `macros`, else of the
 * file "macros" beside the user's configuration. Nothing is appended if there
 * is none. A process with raised privileges looks only at the system's
 * configuration. false: *err says which configuration cannot be understood.
 */
bool config_macros(struct str *path, struct err *err);

#endif
