package org.heapatlas.model;

/** A node, and how far its clock is ahead of the one that all nodes are put on. */
public record NodeClock(String node, ClockOffset clock) {}
