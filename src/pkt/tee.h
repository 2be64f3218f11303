/* A stage that passes everything to two sinks. */
#ifndef PKT_TEE_H
#define PKT_TEE_H

#include "pkt/pipeline.h"

/*
 * Hand everything to first, then to second; both are owned by the stage. One
 * that says STOP gets no more packets; STOP of both, or FAILED of either, ends
 * the run. NULL: no memory (the sinks are closed).
 */
struct sink *tee_open(struct sink *first, struct sink *second, struct err *err);

#endif
