package org.heapatlas.model;

/** A thread of a watched process. */
public record ProgramThread(
    int tid, String name, boolean running, long events, long allocatedBytes) {}
