// A library whose thread-local variable has its place in the room that every thread has from its start (initial-exec).
// Copies of it, each loaded for itself, use that room up.
[[gnu::tls_model("initial-exec")]] thread_local char fewBytes[16];

char* ofThisThread() { return fewBytes; }
