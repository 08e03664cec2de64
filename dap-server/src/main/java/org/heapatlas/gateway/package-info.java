/**
 * HTTP on the loopback only: the browser page and the channel for frames, for who holds a token.
 */
package org.heapatlas.gateway;
