package org.heapatlas.eclipse.ui.widgets;

/** Between times and pixels, both ways; a time outside stands at the end. */
record TimeScale(double from, double to, double width) {
  static TimeScale of(double from, double to, double width) {
    return new TimeScale(from, from + Math.max(1, to - from), width);
  }

  double pixel(double nanos) {
    return Math.clamp((nanos - from) / (to - from), 0, 1) * width;
  }

  double nanos(double pixel) {
    return Math.rint(from + Math.clamp(pixel / Math.max(1, width), 0, 1) * (to - from));
  }

  /** How far an arrow key goes: a hundredth of the whole time. */
  double step() {
    return Math.max(1, (to - from) / 100);
  }
}
