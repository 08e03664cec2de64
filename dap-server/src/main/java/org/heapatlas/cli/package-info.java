/**
 * The command line, one class a subcommand. This is where the stations are joined: which node,
 * which gateway. Our own text goes to stderr; stdout is the program's, and under --json its last
 * line is one object of ours.
 */
package org.heapatlas.cli;
