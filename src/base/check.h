/*
 * What must hold unless the code itself is wrong. Builds with sanitizers or
 * without optimization stop where it does not hold; others do not look, and
 * have to stay harmless.
 */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||     \
    __has_feature(undefined_behavior_sanitizer)
#define CHECKED 1
#endif
#endif

#if !defined(CHECKED)
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||           \
    !defined(__OPTIMIZE__)
#define CHECKED 1
#else
#define CHECKED 0
#endif
#endif

#define check_that(holds) ((void)(CHECKED && !(holds) && (__builtin_trap(), 0)))

#endif
