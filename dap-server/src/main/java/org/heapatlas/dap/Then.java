package org.heapatlas.dap;

/** An answer's body, which may be null, and what begins once the client has been sent it. */
public record Then(Object body, Runnable next) {}
