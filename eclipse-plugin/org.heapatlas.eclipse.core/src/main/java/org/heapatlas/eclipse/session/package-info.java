/**
 * Debug sessions of HeapAtlas as views see them: their views, the frames of what is open, and which
 * session is current. Main entries: {@link org.heapatlas.eclipse.session.Sessions} and {@link
 * org.heapatlas.eclipse.session.HeapSession}. No user interface.
 */
package org.heapatlas.eclipse.session;
