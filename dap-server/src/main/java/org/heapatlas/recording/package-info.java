/**
 * Questions in SQL about a session, live or replayed, and what leaves it in other tools' formats.
 * {@link org.heapatlas.recording.HeapDatabase} is a locked database without data of its own: its
 * tables are read from the {@link org.heapatlas.session.HeapSource} while a query runs. Knows model
 * and session.
 */
package org.heapatlas.recording;
