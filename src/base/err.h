/*
 * Error values. Code below cmd/ never prints and never exits: a function that
 * can fail returns false (or NULL) and fills a struct err, which cmd/ prints
 * once as "pcaptool: FILE: offset N (packet K): reason".
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define PRINTF_LIKE(at, args) __attribute__((format(printf, at, args)))
#else
#define PRINTF_LIKE(at, args)
#endif

/* The kind of an error is the exit status that it leads to. */
enum err_kind {
	ERR_NONE = 0,
	ERR_FAULT = 1, /* the input is faulty, or the work failed */
	ERR_USAGE = 2, /* wrong usage, or an input that is not a capture file */
	ERR_OUTPUT = 3, /* output cannot be written, or the source is lost */
};

/* Characters of a line at fault that are kept. */
#define ERR_LINE 79

struct err {
	enum err_kind kind;
	bool placed;	 /* offset and packet are set */
	uint64_t offset; /* bytes from the start of the (unpacked) input */
	uint64_t packet; /* number of the packet at fault, from 1; 0: none */
	char file[256];	 /* "" when the error belongs to no file */
	char text[768];	 /* the reason: may hold foreign bytes, unescaped */
	char line[ERR_LINE + 1]; /* the line of a text that is at fault, or the
			     part of it around the fault, unescaped; "": none */
	uint8_t mark;		 /* bytes in line before the fault */
	uint8_t mark_len;	 /* bytes at fault, at least 1 */
	int word; /* the argument of the command that is at fault,
		     from 1; 0: none, or unknown */
};

/*
 * Each of these overwrites *err and returns false, so that a failing function
 * can end with "return err_set(...)". err may be NULL: nothing is stored. So
 * no function may read what its err points to, nor store there by itself: one
 * that wants to read an error has a struct err of its own.
 */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...)
    PRINTF_LIKE(3, 4);
bool err_vset(struct err *err, enum err_kind kind, const char *format,
	      va_list args) PRINTF_LIKE(3, 0);

/* Hand on an error that happened further down. */
bool err_copy(struct err *err, const struct err *from);

/* Do both say the same? */
bool err_same(const struct err *, const struct err *);

/* It leads to another exit status here. */
bool err_as(struct err *err, enum err_kind kind);

/* It is about that argument of the command, from 1. */
bool err_at_word(struct err *err, int word);

/* As err_set, with ": " and the system's text for errnum after it. */
bool err_sys(struct err *err, enum err_kind kind, int errnum,
	     const char *format, ...) PRINTF_LIKE(4, 5);

/* Out of memory while doing what. */
bool err_nomem(struct err *err, const char *what);

/* Say in which file the error is. Returns false. */
bool err_in_file(struct err *err, const char *file);

/* Say where in the input the error is. Returns false. */
bool err_at(struct err *err, uint64_t offset, uint64_t packet);

/*
 * Show what is at fault: n bytes at offset at of a text of len bytes, of
 * which the line is kept (cut to what fits). at may be len: the text ends too
 * early. Returns false.
 */
bool err_show(struct err *err, const char *text, size_t len, size_t at,
	      size_t n);

#endif
