/* A packet for tests of field expressions. */
#ifndef TESTS_HTTP_PACKET_H
#define TESTS_HTTP_PACKET_H

#include <stdint.h>

/* Ethernet, IPv4, TCP from 192.0.2.10:40000 to 192.0.2.80:80, PSH and ACK, and
   a request of HTTP: 105 bytes, and a zero that ends the text. */
static const uint8_t http_packet[] =
    "\x02\x00\x00\x00\x00\x50\x02\x00\x00\x00\x00\x10\x08\x00"
    "\x45\x00\x00\x5b\x12\x34\x40\x00\x40\x06\x00\x00"
    "\xc0\x00\x02\x0a\xc0\x00\x02\x50"
    "\x9c\x40\x00\x50\x00\x00\x03\xe8\x00\x00\x13\x88\x50\x18\xfa\xf0"
    "\x00\x00\x00\x00"
    "GET /index.html HTTP/1.1\r\nHost: www.example.com\r\n\r\n";

#endif
