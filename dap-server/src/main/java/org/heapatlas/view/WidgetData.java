package org.heapatlas.view;

/**
 * What a frame shows; one record a widget kind. Its JSON stands in the frame's field {@code data}
 * as it is.
 */
public sealed interface WidgetData
    permits HeatMap, Table, KeyFigures, Chart, TimeBar, FlameGraph, Graph, Hex, Document, Scene {}
