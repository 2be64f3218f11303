/* What the upgrade to WebSocket says of the frames to come. */
#ifndef DECODE_WEB_WEBSOCKET_H
#define DECODE_WEB_WEBSOCKET_H

enum { WS_DEFLATE = 1 }; /* messages may be compressed */

#endif
