/** The heap itself: where the bytes are, which call sites own them, and how both move over time. */
package org.heapatlas.memory;
