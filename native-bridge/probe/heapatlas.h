/* Tells HeapAtlas what it cannot see from outside: what memory is for, and what a program's own allocator does.
 *
 * One header, C99 or C++, nothing to link. While nobody listens every call costs one load and one predictable branch;
 * a program that carries these calls runs without HeapAtlas as before. See README.md beside this file.
 *
 *   static heapatlas_name parsing = {"parsing"};
 *   heapatlas_scope scope = heapatlas_begin(HEAPATLAS_TAG, &parsing);
 *   ...                                    // what this thread allocates here is tagged 'parsing'
 *   heapatlas_end(scope);
 *
 *   static heapatlas_name cells = {"cell pool"};
 *   heapatlas_pool_alloc(&cells, cell, sizeof *cell);      // behind the allocation
 *   heapatlas_pool_free(&cells, cell);                     // before the cell can be given out again
 */
#ifndef HEAPATLAS_H
#define HEAPATLAS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a scope says of the memory that the calling thread allocates inside it. One of each kind holds at a time. */
typedef enum heapatlas_label {
  HEAPATLAS_TAG = 0,
  HEAPATLAS_TENANT = 1,
  HEAPATLAS_OBJECT_TYPE = 2,
  HEAPATLAS_ARENA = 3
} heapatlas_label;

/* A name. The text (UTF-8, up to 63 bytes count) is copied at its first use while somebody listens; id is HeapAtlas's
 * own and begins with 0. Equal texts are one name. */
typedef struct heapatlas_name {
  const char* text;
  uint32_t id;
} heapatlas_name;

/* An open scope: to be ended in the thread that began it, the innermost first. */
typedef struct heapatlas_scope {
  heapatlas_label label;
  uint32_t before;
} heapatlas_scope;

/* What the runtime provides. Not for use. */
struct heapatlas_listener {
  uint32_t version;
  uint32_t (*name)(const char* text);
  uint32_t (*label)(uint32_t label, uint32_t name);
  void (*pool_alloc)(uint32_t pool, const void* block, size_t bytes);
  void (*pool_free)(uint32_t pool, const void* block);
};

/* One a linked object; found by the runtime through a note, whose third part is the way from itself to here. */
__attribute__((weak, used, visibility("hidden"))) const struct heapatlas_listener* heapatlas_listener_1 = 0;
__asm__(
    ".pushsection .note.heapatlas,\"a\",%note\n"
    ".balign 4\n"
    ".4byte 10, 8, 1\n"
    ".asciz \"HeapAtlas\"\n"
    ".balign 4\n"
    ".8byte heapatlas_listener_1 - .\n"
    ".popsection\n");

#define HEAPATLAS_UNNOTICED 0xffffffffu /* heapatlas_scope.before: nobody listened when the scope began */

static inline const struct heapatlas_listener* heapatlas_listening(void) {
  return __atomic_load_n(&heapatlas_listener_1, __ATOMIC_ACQUIRE);
}

static inline uint32_t heapatlas_id(const struct heapatlas_listener* listener, heapatlas_name* name) {
  uint32_t id = __atomic_load_n(&name->id, __ATOMIC_RELAXED);
  if (id == 0) {
    id = listener->name(name->text);
    __atomic_store_n(&name->id, id, __ATOMIC_RELAXED);
  }
  return id;
}

/* From here to heapatlas_end, what the calling thread allocates is labelled. */
static inline heapatlas_scope heapatlas_begin(heapatlas_label label, heapatlas_name* name) {
  const struct heapatlas_listener* listener = heapatlas_listening();
  heapatlas_scope scope = {label, HEAPATLAS_UNNOTICED};
  if (__builtin_expect(listener != 0, 0)) {
    scope.before = listener->label((uint32_t)label, heapatlas_id(listener, name));
  }
  return scope;
}

static inline void heapatlas_end(heapatlas_scope scope) {
  if (__builtin_expect(scope.before != HEAPATLAS_UNNOTICED, 0)) {
    heapatlas_listening()->label((uint32_t)scope.label, scope.before);
  }
}

/* A block that an allocator of the program's own has given out. Its bytes are the pool's, and not counted as the heap's
 * a second time. */
static inline void heapatlas_pool_alloc(heapatlas_name* pool, const void* block, size_t bytes) {
  const struct heapatlas_listener* listener = heapatlas_listening();
  if (__builtin_expect(listener != 0, 0)) listener->pool_alloc(heapatlas_id(listener, pool), block, bytes);
}

/* The block comes back; to be said before it can be given out again. */
static inline void heapatlas_pool_free(heapatlas_name* pool, const void* block) {
  const struct heapatlas_listener* listener = heapatlas_listening();
  if (__builtin_expect(listener != 0, 0)) listener->pool_free(heapatlas_id(listener, pool), block);
}

#ifdef __cplusplus
}

namespace heapatlas {

/* The same for a block of C++: heapatlas::Scope scope(HEAPATLAS_TENANT, customer.name). */
class Scope {
 public:
  Scope(heapatlas_label label, heapatlas_name& name) : scope_(heapatlas_begin(label, &name)) {}
  ~Scope() { heapatlas_end(scope_); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  heapatlas_scope scope_;
};

} /* namespace heapatlas */
#endif
#endif
