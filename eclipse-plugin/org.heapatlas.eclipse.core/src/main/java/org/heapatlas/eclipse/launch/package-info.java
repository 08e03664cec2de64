/**
 * Launches of HeapAtlas: what a launch configuration says, where a Java and the server are, and the
 * delegate that starts a session of {@link org.heapatlas.eclipse.dap} with them.
 */
package org.heapatlas.eclipse.launch;
