/**
 * The widget vocabulary of proto/view.proto as records, and what carries it to a front end. It
 * knows no feature: features are found by {@link org.heapatlas.view.Feature}, and every front end
 * asks through {@link org.heapatlas.view.ViewRequests}.
 */
package org.heapatlas.view;
