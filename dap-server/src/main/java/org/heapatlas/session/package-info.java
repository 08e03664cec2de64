/**
 * One interface over a live or a recorded timeline. Features and the adapter see a {@link
 * org.heapatlas.session.Session} and its {@link org.heapatlas.session.HeapSource}, never what is
 * behind them.
 */
package org.heapatlas.session;
