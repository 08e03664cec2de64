package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.heapatlas.eclipse.view.Format;

/**
 * Round values at which an axis or a legend is labelled. The base is 1024 for bytes, else 10. Pure.
 */
public final class AxisTicks {
  private static final double SECOND = 1e9;
  private static final double HOUR = 3600 * SECOND;
  private static final double CLOSE = 1e-9;
  private static final double[] TIME_STEPS = timeSteps();

  private AxisTicks() {}

  private static double[] timeSteps() {
    var steps = new ArrayList<Double>();
    for (double power = 1; power < SECOND; power *= 10) {
      steps.addAll(List.of(power, 2 * power, 5 * power));
    }
    for (double seconds : new double[] {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600}) {
      steps.add(seconds * SECOND);
    }
    return steps.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The least of 1, 2, 5 × 10ⁿ, or of 2ⁿ for bytes, that is not below {@code rough}. */
  static double niceStep(double rough, int base) {
    if (!(rough > 0)) return 1;
    if (base == 1024) return Math.pow(2, Math.ceil(Math.log(rough) / Math.log(2) - CLOSE));
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double part = rough / power;
    return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
  }

  /** Multiples of a round step in [min, max], about {@code count} of them. */
  public static List<Double> linear(double min, double max, int count, int base) {
    if (!isRange(min, max) || count < 1) return List.of();
    return multiples(niceStep((max - min) / count, base), min, max * (1 + 1e-12));
  }

  /** Powers of ten, or of two for bytes, in [min, max], at most {@code count}. */
  public static List<Double> log(double min, double max, int count, int base) {
    if (!(min > 0) || !(max > min) || count < 1) return List.of();
    double root = base == 1024 ? 2 : 10;
    int first = (int) Math.ceil(Math.log(min) / Math.log(root) - CLOSE);
    int last = (int) Math.floor(Math.log(max) / Math.log(root) + CLOSE);
    int stride = Math.max(1, (int) Math.ceil((last - first + 1) / (double) count));
    var ticks = new ArrayList<Double>();
    for (int exponent = Math.ceilDiv(first, stride) * stride;
        exponent <= last;
        exponent += stride) {
      ticks.add(Math.pow(root, exponent));
    }
    return ticks;
  }

  /**
   * Times in ns at which clocks are read: 1, 2, 5, 10, 15, 30 seconds, whole minutes, whole hours.
   */
  public static List<Double> time(double min, double max, int count) {
    if (!isRange(min, max) || count < 1) return List.of();
    double rough = (max - min) / count;
    double step =
        Arrays.stream(TIME_STEPS)
            .filter(s -> s >= rough)
            .findFirst()
            .orElse(HOUR * Math.ceil(rough / HOUR));
    return multiples(step, min, max);
  }

  /** Clock times for axis labels: 0:05, 1:30, 1:00:00; below a second in ms and µs. */
  static String timeText(double nanos, double step) {
    if (step < SECOND) return Format.duration(nanos);
    long seconds = Math.round(nanos / SECOND);
    long hours = seconds / 3600;
    return hours > 0
        ? "%d:%02d:%02d".formatted(hours, seconds / 60 % 60, seconds % 60)
        : "%d:%02d".formatted(seconds / 60, seconds % 60);
  }

  private static boolean isRange(double min, double max) {
    return Double.isFinite(min) && Double.isFinite(max) && max > min;
  }

  private static List<Double> multiples(double step, double min, double max) {
    var ticks = new ArrayList<Double>();
    for (double n = Math.ceil(min / step - CLOSE); n * step <= max; n++) ticks.add(n * step + 0.0);
    return ticks;
  }
}
