// The page's entry: the theme first, so that nothing flashes, then the renderers, which register themselves, then the app.
import "../widgets/chart.ts";
import "../widgets/flame-graph.ts";
import "../widgets/graph.ts";
import "../widgets/document.ts";
import "../widgets/heatmap.ts";
import "../widgets/hex.ts";
import "../widgets/key-figures.ts";
import "../widgets/scene.ts";
import "../widgets/table.ts";
import "../widgets/timeline.ts";
import "../widgets/widget-host.ts";
import { applyTheme } from "./theme-choice.ts";
import "./app.ts";

applyTheme();
