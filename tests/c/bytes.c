#include "bytes.h"

#include <nettle/base64.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct bytes *bytes, size_t more)
{
    if (more <= bytes->room - bytes->len)
        return;
    size_t need = bytes->len + more;
    size_t room = bytes->room < 64 ? 64 : bytes->room;
    while (room < need)
        room *= 2;
    unsigned char *data = realloc(bytes->data, room);
    if (need < more || data == NULL) {
        fputs("out of memory\n", stderr);
        exit(3);
    }
    bytes->data = data;
    bytes->room = room;
}

void bytes_append(struct bytes *bytes, const void *data, size_t len)
{
    if (len == 0)
        return;
    reserve(bytes, len);
    memcpy(bytes->data + bytes->len, data, len);
    bytes->len += len;
}

bool bytes_append_latin1(struct bytes *bytes, const char *text, size_t len)
{
    const unsigned char *utf8 = (const unsigned char *)text;
    reserve(bytes, len);
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = utf8[i];
        if (byte >= 0x80) {
            /* The JSON reader lets only valid UTF-8 through, so a lead byte has its continuation. */
            if (byte > 0xc3)
                return false;
            byte = (unsigned char)((byte & 3u) << 6 | (utf8[++i] & 0x3fu));
        }
        bytes->data[bytes->len++] = byte;
    }
    return true;
}

static bool decode(struct bytes *bytes, struct base64_decode_ctx *context, const char *text, size_t len,
                   const char *padding, size_t padding_len)
{
    size_t most = BASE64_DECODE_LENGTH(len + padding_len);
    size_t text_bytes = most;
    reserve(bytes, most);
    if (!base64_decode_update(context, &text_bytes, bytes->data + bytes->len, len, text))
        return false;
    size_t padding_bytes = most - text_bytes;
    if (!base64_decode_update(context, &padding_bytes, bytes->data + bytes->len + text_bytes, padding_len, padding))
        return false;
    bytes->len += text_bytes + padding_bytes;
    return base64_decode_final(context) != 0;
}

bool bytes_append_base64(struct bytes *bytes, const char *text, size_t len)
{
    struct base64_decode_ctx context;
    base64_decode_init(&context);
    return len == 0 || decode(bytes, &context, text, len, "", 0);
}

bool bytes_append_base64url(struct bytes *bytes, const char *text, size_t len)
{
    struct base64_decode_ctx context;
    base64url_decode_init(&context);
    return len == 0 || decode(bytes, &context, text, len, "==", (4 - len % 4) % 4);
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}
