package org.heapatlas.eclipse.view;

/** The data of a frame, one record a widget kind. */
public sealed interface WidgetData
    permits HeatMap, Table, KeyFigures, Chart, Timeline, FlameGraph, Graph, Hex, Document, Scene {}
