/*
 * The interpreter as it is built where the compiler has no computed goto: the
 * same tests as for the other one (tests/unit/vm.c).
 */
#define VM_SWITCH 1
#include "../../src/bpf/vm.c"

#undef A
#undef X
#undef M
#undef K
#undef LENGTH
#undef OP
#include "vm.c"
