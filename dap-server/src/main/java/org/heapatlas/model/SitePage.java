package org.heapatlas.model;

import java.util.List;

/** A window of the ordered call sites; {@code total} counts all that the filter lets through. */
public record SitePage(List<Site> sites, long total, long now, Coverage coverage) {}
