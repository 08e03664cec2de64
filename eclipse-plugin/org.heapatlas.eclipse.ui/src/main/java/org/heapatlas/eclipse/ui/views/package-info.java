/**
 * The workbench's views of a session, each made of the server's views in the panes of the widgets;
 * and what lists them. Main entries: {@link org.heapatlas.eclipse.ui.views.WidgetView} and {@link
 * org.heapatlas.eclipse.ui.views.ShowServerView}. Nothing here knows a feature: a view is found by
 * its widget's kind or by the end of its id.
 */
package org.heapatlas.eclipse.ui.views;
