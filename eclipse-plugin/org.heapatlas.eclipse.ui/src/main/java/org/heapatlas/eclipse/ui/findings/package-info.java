/**
 * What detectors found, as the workbench shows problems: markers on source lines, with quick fixes.
 * Main entry: {@link org.heapatlas.eclipse.ui.findings.FindingMarkers}.
 */
package org.heapatlas.eclipse.ui.findings;
