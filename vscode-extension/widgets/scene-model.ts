// What a scene shows, apart from where: its scale, the colour and the words of a box, the rows of its table, the CSV. Main
// entry: SceneModel. Called by scene.ts. Pure; tested without a browser.
import { csv, formatExactly, formatQuantity } from "./format.ts";
import { extent, type FigureWords, type Scale, type TileWords } from "./heatmap-model.ts";
import { level, type Rgb } from "./palette.ts";
import type { Legend, Metric } from "./protocol.ts";
import type { Axis, Plate, SceneData } from "./scene-data.ts";

export interface SceneRow {
  readonly box: number;
  readonly target: string;
  readonly label: string;
  readonly amount: string;
  readonly value: string;
}

export class SceneModel {
  readonly metric: Metric | undefined;
  readonly scale: Scale;
  /** What heights mean. */
  readonly upwards: Axis;

  /** `chosenScale` is what the user switched to, if anything; else the frame's own scale holds. */
  constructor(
    readonly data: SceneData,
    legend: Legend | undefined,
    chosenScale?: Scale["scale"],
  ) {
    this.metric = data.metrics.find(({ id }) => id === data.metric);
    this.upwards = data.axes.find(({ id }) => id === "y") ?? { id: "y", title: "Height", unit: "", scale: 0 };
    const values = extent(data.boxes.value);
    const bounds = legend !== undefined && legend.max > 0 ? legend : values;
    const scale = chosenScale ?? legend?.scale ?? "linear";
    this.scale = {
      label: this.metric?.title ?? legend?.label ?? "",
      unit: this.metric?.unit ?? legend?.unit ?? "",
      min: scale === "linear" ? 0 : bounds.min > 0 ? bounds.min : values.min,
      max: bounds.max,
      scale,
    };
  }

  get count(): number {
    return this.data.boxes.targets.length;
  }

  /** Where the metric has no value, the colour of nothing. */
  colours(ramp: readonly Rgb[], nothing: Rgb): Rgb[] {
    const { min, max, scale } = this.scale;
    return Array.from(this.data.boxes.value, (value) => {
      const share = level(value, min, max, scale);
      return Number.isNaN(share) ? nothing : (ramp[Math.round(share * (ramp.length - 1))] ?? nothing);
    });
  }

  plateOf(box: number): Plate | undefined {
    const { x, z } = this.data.boxes;
    const [left, back] = [x[box] ?? Number.NaN, z[box] ?? Number.NaN];
    return this.data.plates.find(
      (plate) => plate.x <= left && left < plate.x + plate.width && plate.z <= back && back < plate.z + plate.depth,
    );
  }

  describe(box: number): TileWords | undefined {
    const { boxes } = this.data;
    const target = boxes.targets[box];
    if (target === undefined) return undefined;
    const plate = this.plateOf(box);
    const figures = [figure(this.upwards.title, boxes.amount[box], this.upwards.unit)];
    if (this.isColouredByAnother) figures.push(figure(this.scale.label, boxes.value[box], this.scale.unit));
    return { region: plate?.label ?? "", range: target, size: plate?.text ?? "", figures, resident: [] };
  }

  /** Heights and colours that say the same are said once. */
  get isColouredByAnother(): boolean {
    const { amount, value } = this.data.boxes;
    return amount.some((each, box) => each !== value[box]);
  }

  /** The highest first. */
  rows(most: number): SceneRow[] {
    const { boxes } = this.data;
    const order = Array.from(boxes.amount, (_, box) => box).sort(
      (one, other) => (boxes.amount[other] ?? 0) - (boxes.amount[one] ?? 0),
    );
    return order.slice(0, most).map((box) => ({
      box,
      target: boxes.targets[box] ?? "",
      label: this.plateOf(box)?.label ?? "",
      amount: formatQuantity(boxes.amount[box] ?? Number.NaN, this.upwards.unit),
      value: formatQuantity(boxes.value[box] ?? Number.NaN, this.scale.unit),
    }));
  }

  csv(): string {
    const { boxes } = this.data;
    const head = (title: string, unit: string): string => (unit === "" ? title : `${title} (${unit})`);
    return csv([
      ["place", "target", head(this.upwards.title, this.upwards.unit), head(this.scale.label, this.scale.unit)],
      ...boxes.targets.map((target, box) => [
        this.plateOf(box)?.label ?? "",
        target,
        String(boxes.amount[box] ?? ""),
        String(boxes.value[box] ?? ""),
      ]),
    ]);
  }
}

function figure(title: string, value = Number.NaN, unit: string): FigureWords {
  return { title, text: formatQuantity(value, unit), exact: formatExactly(value, unit) };
}
