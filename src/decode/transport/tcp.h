/*
 * TCP in two parts: what is read of a segment (tcp.c), and how a line says it
 * (tcp_line.c).
 */
#ifndef DECODE_TRANSPORT_TCP_H
#define DECODE_TRANSPORT_TCP_H

#include "decode/engine/summary.h"
#include "decode/flow/tcp_header.h"

/* The fields, in the order of their table. */
enum {
	TCP_SRCPORT,
	TCP_DSTPORT,
	TCP_PORT,
	TCP_STREAM,
	TCP_LEN,
	TCP_SEQ,
	TCP_SEQ_RAW,
	TCP_NXTSEQ,
	TCP_ACK,
	TCP_ACK_RAW,
	TCP_HDR_LEN,
	TCP_FLAGS,
	TCP_FLAG_RES,
	TCP_FLAG_AE,
	TCP_FLAG_CWR,
	TCP_FLAG_ECE,
	TCP_FLAG_URG,
	TCP_FLAG_ACK,
	TCP_FLAG_PUSH,
	TCP_FLAG_RESET,
	TCP_FLAG_SYN,
	TCP_FLAG_FIN,
	TCP_FLAG_COUNT = TCP_FLAG_FIN - TCP_FLAG_RES + 1,
	TCP_FLAGS_STR = TCP_FLAG_FIN + 1,
	TCP_WINDOW,
	TCP_CHECKSUM,
	TCP_URGENT,
	TCP_OPTIONS,
	TCP_OPT_KIND,
	TCP_OPT_LEN,
	TCP_OPT_MSS,
	TCP_OPT_WSCALE,
	TCP_OPT_MULTIPLIER,
	TCP_OPT_TSVAL,
	TCP_OPT_TSECR,
	TCP_OPT_SACK_LE,
	TCP_OPT_SACK_RE,
	TCP_OPT_SACK_COUNT,
	TCP_OPT_DATA,
	TCP_PAYLOAD,
	TCP_TIME_RELATIVE,
	TCP_TIME_DELTA,
	TCP_WINDOW_SIZE,
	TCP_SCALE,
	TCP_COMPLETENESS,
	TCP_ANALYSIS,
	TCP_ACKS_FRAME,
	TCP_ACK_RTT,
	TCP_INITIAL_RTT,
	TCP_IN_FLIGHT,
	TCP_PUSH_BYTES,
	TCP_MARKS,
	TCP_FIRST_MARK,
	TCP_LAST_MARK = TCP_FIRST_MARK + 14,
	TCP_DUP_NUM,
	TCP_DUP_FRAME,
	TCP_RTO,
	TCP_RTO_FRAME,
	TCP_SEGMENTS,
	TCP_SEGMENT,
	TCP_SEGMENT_COUNT,
	TCP_JOINED_LENGTH,
	TCP_SEGMENT_DATA,
};

enum {
	KIND_EOL,
	KIND_NOP,
	KIND_MSS,
	KIND_WSCALE,
	KIND_SACKOK,
	KIND_SACK,
	KIND_TIMESTAMP = 8
};

/* Names of option kinds, as tcpdump has them. */
extern const struct names tcp_option_names[];

/* What tcp_summary() gets; options are read once more. */
enum {
	FACT_PORTS,
	FACT_SEQ, /* as lines count them */
	FACT_ACK,
	FACT_FLAGS,  /* and the header's length, in the highest 16 bits */
	FACT_WINDOW, /* and the urgent pointer, in the lowest 16 bits */
	FACT_LEN,
	FACT_EDGES, /* to be subtracted from the edges of SACKs */
	FACT_WHOLE, /* 1: the fixed header is there; 2: and makes sense */
};

enum { FLAG_FIN = 1, FLAG_SYN = 2, FLAG_RST = 4, FLAG_ACK = 16, FLAG_URG = 32 };

/* The segment as tcpdump says it. */
void tcp_summary(struct summary *l);

#endif
