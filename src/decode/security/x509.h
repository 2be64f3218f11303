/* Certificates, whose fields are recorded in the layer that carries them. */
#ifndef DECODE_SECURITY_X509_H
#define DECODE_SECURITY_X509_H

#include "decode/proto.h"

/* Decode a certificate in DER; the current protocol's `also` is PROTO_x509. */
void x509_decode(struct dissect *d, struct cur *c);

#endif
