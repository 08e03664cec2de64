package org.heapatlas.model;

/** An executable or library in the process's address space. */
public record LoadedModule(
    long from,
    long to,
    String path,
    String buildId,
    boolean hasSymbols,
    boolean hasLines,
    boolean loaded) {}
