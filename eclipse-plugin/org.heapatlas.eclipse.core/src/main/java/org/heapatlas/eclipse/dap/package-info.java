/**
 * A debug model of the Eclipse Platform over any server of the Debug Adapter Protocol. Main entry:
 * {@link org.heapatlas.eclipse.dap.DapTarget#start}. It knows nothing of HeapAtlas and needs no
 * user interface.
 *
 * <p>Threads: the reader of a {@link org.heapatlas.eclipse.dap.DapConnection} delivers events and
 * completes answers, in the order in which they came, and never waits. The user interface's thread
 * never waits either ({@link org.heapatlas.eclipse.dap.Waiting}): it is given what is known, and a
 * change event follows. Jobs may wait for an answer. What more than one thread sees is immutable,
 * volatile or concurrent.
 */
package org.heapatlas.eclipse.dap;
