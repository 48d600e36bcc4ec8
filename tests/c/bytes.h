/* Byte strings that grow, and the encodings of the vector files. */
#ifndef TESTS_BYTES_H
#define TESTS_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* Starts as {0}; free with bytes_free. `data` is NULL while nothing was appended. */
struct bytes {
    unsigned char *data;
    size_t len;
    size_t room;
};

void bytes_append(struct bytes *bytes, const void *data, size_t len);

/* Appends UTF-8 text with one byte for each code point. False if a code point is above 255. */
bool bytes_append_latin1(struct bytes *bytes, const char *text, size_t len);

/* Appends what padded base64 of the standard alphabet stands for. False if the text is not that. */
bool bytes_append_base64(struct bytes *bytes, const char *text, size_t len);

/* The same for unpadded base64url. */
bool bytes_append_base64url(struct bytes *bytes, const char *text, size_t len);

void bytes_free(struct bytes *bytes);

#endif
