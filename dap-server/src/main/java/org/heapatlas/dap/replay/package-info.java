/**
 * Debugging what has happened already: a replayed process stands before one of its events, and
 * {@link org.heapatlas.dap.replay.Replay} moves it, by steps and to breakpoints, in both directions
 * of time. Where it stops follows from the recording alone, by the searches of the collector.
 */
package org.heapatlas.dap.replay;
