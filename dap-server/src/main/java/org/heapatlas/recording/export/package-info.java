/** What leaves a recording in the formats of other tools: one class a format. */
package org.heapatlas.recording.export;
