/**
 * The debug adapter. {@link org.heapatlas.dap.DapConnection} reads bounded messages, {@link
 * org.heapatlas.dap.Requests} names the class that answers each request, and {@link
 * org.heapatlas.dap.DapSession} holds what they share. Nothing that costs time happens before
 * `initialize` is answered.
 */
package org.heapatlas.dap;
