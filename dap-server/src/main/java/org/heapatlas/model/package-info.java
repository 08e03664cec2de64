/**
 * Immutable records in the field's terms. Everything else speaks in these; they know nothing of
 * where the figures come from. Addresses and sizes are bytes, times are nanoseconds since the
 * process's start, ranges exclude their end.
 */
package org.heapatlas.model;
