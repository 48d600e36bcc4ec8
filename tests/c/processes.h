/* The processes of a sequence: each has a store of its own, or its own way to the one store of all. */
#ifndef TESTS_PROCESSES_H
#define TESTS_PROCESSES_H

#include <hookproof.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct process {
    uint64_t number;
    hookproof_store *store;
};

/* Starts by processes_begin; end with processes_end. */
struct processes {
    bool in_memory;
    uint64_t capacity;
    /* Refuses what was issued at `cold_until` or before. */
    bool is_cold;
    int64_t cold_until;
    /* Of the file store. */
    char directory[32];
    /* The file was moved away. */
    bool is_down;
    struct process *list;
    size_t count;
};

void processes_begin(struct processes *processes, bool in_memory, uint64_t capacity);

/* The store of the process of that number, which begins when it is first asked for. Borrowed until a restart. */
const hookproof_store *processes_store(struct processes *processes, uint64_t number);

/* Every process ends, and begins anew. */
void processes_restart(struct processes *processes);

/* Moves the file away, so that no process can ask it, or back. */
void processes_switch(struct processes *processes, bool up);

void processes_end(struct processes *processes);

#endif
