package org.heapatlas.model;

/**
 * A mechanism with its self-test's result: works, ineffective or absent; and what takes its place.
 */
public record Capability(String name, String state, String why, String usedInstead) {}
