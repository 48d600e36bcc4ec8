#define _DEFAULT_SOURCE

#include "processes.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_ROOM = 512 };

/* Neither a fault of the library nor of a vector. */
static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "the conformance runner: %s\n", what);
    exit(3);
}

static const char *path_of(const struct processes *processes, const char *name, char *path)
{
    snprintf(path, PATH_ROOM, "%s/%s", processes->directory, name);
    return path;
}

static void move(const struct processes *processes, const char *from, const char *to)
{
    char old[PATH_ROOM], new[PATH_ROOM];
    if (rename(path_of(processes, from, old), path_of(processes, to, new)) != 0)
        give_up("the file of the store cannot be moved");
}

/* While the file is away it is made by nobody: a process that begins then looks at it where it belongs, and finds it
   gone like the others when it first asks it. */
static hookproof_store *new_file(struct processes *processes)
{
    char path[PATH_ROOM];
    hookproof_store *store = NULL;
    bool is_down = processes->is_down;
    if (is_down)
        processes_switch(processes, true);
    path_of(processes, "replay", path);
    if (hookproof_store_new_file(path, strlen(path), HOOKPROOF_DURABILITY_PROCESS_CRASH, &store) != HOOKPROOF_OK ||
        /* What is tested is who gets the claim, and not how fast a machine full of other tests is. */
        hookproof_store_set_budget_ms(store, HOOKPROOF_MAX_STORE_BUDGET_MS) != HOOKPROOF_OK)
        give_up(hookproof_store_error(store).ptr);
    if (is_down)
        processes_switch(processes, false);
    return store;
}

static hookproof_store *new_memory(const struct processes *processes)
{
    hookproof_store *store = NULL;
    int32_t cold_start = processes->is_cold ? HOOKPROOF_COLD_START_REFUSE : HOOKPROOF_COLD_START_ALLOW;
    if (hookproof_store_new_memory(processes->capacity, cold_start, processes->cold_until, &store) != HOOKPROOF_OK)
        give_up(hookproof_store_error(store).ptr);
    return store;
}

static hookproof_store *new_store(struct processes *processes)
{
    return processes->in_memory ? new_memory(processes) : new_file(processes);
}

void processes_begin(struct processes *processes, bool in_memory, uint64_t capacity)
{
    *processes = (struct processes){.in_memory = in_memory, .capacity = capacity};
    if (in_memory)
        return;
    strcpy(processes->directory, "/tmp/hookproof-replay-XXXXXX");
    if (mkdtemp(processes->directory) == NULL)
        give_up("no temporary directory");
    /* The file is there before anything can move it. */
    hookproof_store_free(new_file(processes));
}

const hookproof_store *processes_store(struct processes *processes, uint64_t number)
{
    for (size_t i = 0; i < processes->count; i++)
        if (processes->list[i].number == number)
            return processes->list[i].store;
    struct process *list = realloc(processes->list, (processes->count + 1) * sizeof *list);
    if (list == NULL)
        give_up("out of memory");
    processes->list = list;
    list[processes->count] = (struct process){.number = number, .store = new_store(processes)};
    return list[processes->count++].store;
}

void processes_restart(struct processes *processes)
{
    for (size_t i = 0; i < processes->count; i++)
        hookproof_store_free(processes->list[i].store);
    for (size_t i = 0; i < processes->count; i++)
        processes->list[i].store = new_store(processes);
}

void processes_switch(struct processes *processes, bool up)
{
    if (processes->is_down != up)
        return;
    move(processes, up ? "away" : "replay", up ? "replay" : "away");
    processes->is_down = !up;
}

static void remove_directory(const struct processes *processes)
{
    DIR *listing = opendir(processes->directory);
    if (listing == NULL)
        give_up("the temporary directory is gone");
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        char path[PATH_ROOM];
        unlink(path_of(processes, entry->d_name, path));
    }
    closedir(listing);
    rmdir(processes->directory);
}

void processes_end(struct processes *processes)
{
    for (size_t i = 0; i < processes->count; i++)
        hookproof_store_free(processes->list[i].store);
    free(processes->list);
    if (!processes->in_memory)
        remove_directory(processes);
    *processes = (struct processes){0};
}
