// Serves the built page and sample frames over its channel, to look at the page without a program to watch.
// Main entries: startReplayServer (tests), `npm run replay` (people: prints the address). Scenarios are chosen by the
// token: data, empty, error, loading, replayed, bytes, or data-N with N call sites; any other token is refused, as the server does.
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer, type WebSocket } from "ws";
import { WHOLE_GRAPH, type FlameRequest } from "./sample-flames.ts";
import { bytesFrame, bytesView, SampleMemory } from "./sample-bytes.ts";
import { sampleFrame, sampleViews, type Scenario } from "./sample-frames.ts";
import { FIRST_ROWS, type TableRequest } from "./sample-sites.ts";

const PAGE = new URL("../dist/page/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const SCENARIOS: readonly string[] = ["data", "empty", "error", "loading", "replayed", "bytes"];
const BYTES = { views: [...sampleViews.views.filter((view) => view.widget === "keyFigures"), bytesView] };
const POLICY_VIOLATION = 1008;
/** What a mark leads to: a row that is far out of sight. */
const REVEALED_ROW = 500;

interface Request {
  readonly id: number;
  readonly request: string;
  readonly arguments: {
    readonly view?: string;
    readonly handle?: string;
    readonly action?: string;
    readonly target?: string;
    readonly arguments?: Partial<TableRequest> & { readonly column?: string };
  };
}

/** One browser's connection: its open views, and the clock that pushes frames. */
class Connection {
  private scenario: Scenario | undefined;
  private readonly views = new Map<string, string>();
  private readonly sequences = new Map<string, number>();
  private table: TableRequest = FIRST_ROWS;
  private flame: FlameRequest = WHOLE_GRAPH;
  private centres: readonly string[] = [];
  private readonly memory = new SampleMemory();
  private tick = 0;

  constructor(
    private readonly socket: WebSocket,
    live: boolean,
  ) {
    socket.on("message", (data: Buffer) => this.receive(JSON.parse(data.toString()) as Request & { token?: string }));
    if (!live) return;
    const timer = setInterval(() => this.pushAll(), 500);
    socket.on("close", () => clearInterval(timer));
  }

  private receive(message: Request & { readonly token?: string }): void {
    if (this.scenario === undefined) {
      const [, scenario = "", sites] = /^([a-z]+)(?:-(\d+))?$/.exec(message.token ?? "") ?? [];
      if (!SCENARIOS.includes(scenario)) this.socket.close(POLICY_VIOLATION, "unknown token");
      else this.scenario = scenario as Scenario;
      if (sites !== undefined) this.table = { ...this.table, sites: Number(sites) };
      return;
    }
    const { id, request } = message;
    const args = message.arguments;
    if (request === "heapatlas/views") this.answer(id, this.scenario === "bytes" ? BYTES : sampleViews);
    else if (request === "heapatlas/open") this.open(id, args.view ?? "", this.scenario);
    else if (request === "heapatlas/act") this.act(id, message);
    else if (request === "heapatlas/close") {
      this.views.delete(args.handle ?? "");
      this.answer(id, {});
    } else this.socket.send(JSON.stringify({ id, error: `There is no request '${request}'.` }));
  }

  private open(id: number, view: string, scenario: Scenario): void {
    const handle = `${view}#${id}`;
    this.views.set(handle, view);
    this.sequences.set(handle, 0);
    this.answer(id, scenario === "loading" ? { handle } : { handle, frame: this.frame(view, scenario) });
  }

  private frame(view: string, scenario: Scenario): object {
    return view === bytesView.id
      ? bytesFrame(this.memory, this.tick, true)
      : sampleFrame(view, scenario, this.tick, this.table, this.flame, this.centres);
  }

  private act(
    id: number,
    { arguments: { handle = "", action = "", target = "", arguments: args = {} } }: Request,
  ): void {
    const view = this.views.get(handle);
    if (view === bytesView.id || view === "memory.flame" || view === "memory.callers") {
      if (view === "memory.flame") this.flame = flameAfter(this.flame, action, target);
      else if (view === "memory.callers") this.centres = centresAfter(this.centres, action, target);
      else this.memory.act({ action, target, arguments: args as Record<string, string | number> });
      this.answer(id, {});
      this.push(handle);
      return;
    }
    if (action === "sort")
      this.table = { ...this.table, offset: 0, sort: args.column ?? "", descending: args.descending ?? false };
    else if (action === "window") this.table = { ...this.table, ...args };
    else if (action === "filter") this.table = { ...this.table, offset: 0, text: args.text ?? "" };
    else if (action === "mark") this.table = { ...this.table, reveal: REVEALED_ROW };
    this.answer(id, action === "drill" ? { message: "The sample has no closer look." } : {});
    if (action === "mark") for (const each of this.views.keys()) this.push(each);
    else this.push(handle);
  }

  private pushAll(): void {
    if (this.scenario !== "data" && this.scenario !== "bytes") return;
    this.tick++;
    for (const handle of this.views.keys()) this.push(handle);
  }

  private push(handle: string): void {
    const view = this.views.get(handle);
    if (view === undefined || this.scenario === undefined || this.scenario === "loading") return;
    const sequence = (this.sequences.get(handle) ?? 0) + 1;
    this.sequences.set(handle, sequence);
    const frame = this.frame(view, this.scenario);
    this.socket.send(JSON.stringify({ event: "heapatlas/frame", body: { handle, sequence, full: true, frame } }));
  }

  private answer(id: number, body: unknown): void {
    this.socket.send(JSON.stringify({ id, body }));
  }
}

function flameAfter(flame: FlameRequest, action: string, target: string): FlameRequest {
  const { way } = flame;
  if (action === "metric") return { ...flame, metric: target };
  if (action === "drill") return { ...flame, way: [...way, [...way.slice(-1), target].join(".")] };
  return { ...flame, way: way.slice(0, way.indexOf(target) + 1) };
}

function centresAfter(centres: readonly string[], action: string, target: string): readonly string[] {
  return action === "drill" ? [...centres, target] : centres.slice(0, centres.indexOf(target) + 1);
}

/** Listens on loopback; port 0 takes a free one. */
export async function startReplayServer(
  port = 0,
  live = true,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const name = request.url === "/" ? "index.html" : (request.url ?? "").slice(1);
    readFile(new URL(name, PAGE)).then(
      (content) => {
        response.setHeader("Content-Type", TYPES[extname(name)] ?? "application/octet-stream");
        response.end(content);
      },
      () => {
        response.statusCode = 404;
        response.end(`There is no '${name}'.`);
      },
    );
  });
  const channel = new WebSocketServer({ server, path: "/channel" });
  channel.on("connection", (socket) => new Connection(socket, live));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startReplayServer(Number(process.argv[2] ?? 0));
  for (const scenario of SCENARIOS) console.log(`${scenario}: ${url}#token=${scenario}`);
}
