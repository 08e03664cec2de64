package org.heapatlas.model;

/**
 * A thread of a watched process. {@code lastAllocation} is the address of its newest block, which
 * may have been released since; 0 where none is known.
 */
public record ProgramThread(
    int tid, String name, boolean running, long events, long allocatedBytes, long lastAllocation) {}
