package org.heapatlas.eclipse.view;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** An immutable column of numbers; NaN where a value is not known. */
public final class Numbers {
  public static final Numbers NONE = new Numbers(new double[0]);

  private final double[] values;

  private Numbers(double[] values) {
    this.values = values;
  }

  public static Numbers of(double... values) {
    return new Numbers(values.clone());
  }

  /** Without a copy: the caller gives the array away. */
  static Numbers taking(double[] values) {
    return new Numbers(values);
  }

  public int size() {
    return values.length;
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  public double get(int index) {
    return values[index];
  }

  /** NaN where there is none. */
  public double at(int index) {
    return index >= 0 && index < values.length ? values[index] : Double.NaN;
  }

  public double last() {
    return at(values.length - 1);
  }

  public DoubleStream stream() {
    return Arrays.stream(values);
  }

  /** The values that are finite. */
  public DoubleStream known() {
    return stream().filter(Double::isFinite);
  }

  /** The largest known value, at least 0. */
  public double peak() {
    return known().reduce(0, Math::max);
  }

  /** The place of the last known value, or -1. */
  public int lastKnown() {
    int at = values.length - 1;
    while (at >= 0 && !Double.isFinite(values[at])) at--;
    return at;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Numbers numbers && Arrays.equals(values, numbers.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
