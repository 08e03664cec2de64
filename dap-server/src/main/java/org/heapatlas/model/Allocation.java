package org.heapatlas.model;

import java.util.Map;

/** A live allocation, with the labels that it carries. */
public record Allocation(
    long address,
    long size,
    long time,
    int tid,
    long site,
    Map<Label.Kind, String> labels,
    Stack stack) {}
