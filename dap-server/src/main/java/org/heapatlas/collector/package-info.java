/**
 * The client of a node's collector: finds or starts it, speaks gRPC over its Unix socket, and turns
 * what it answers into the model's records. Nothing behind this package knows Protocol Buffers.
 */
package org.heapatlas.collector;
