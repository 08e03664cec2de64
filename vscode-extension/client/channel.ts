// The channel to the server: one WebSocket, requests with answers, pushed frames. Main entry: Channel. Called by the
// page and by the extension's host. Must hold: every request is answered or failed; after a loss it reconnects
// with growing pauses, and says each change of state.
import { JsonObject } from "../widgets/json.ts";
import { reason } from "../widgets/reason.ts";

export type ChannelState =
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  | { readonly kind: "lost"; readonly retryAt: number; readonly everOpen: boolean }
  | { readonly kind: "refused" };

export interface ChannelListener {
  onState(state: ChannelState): void;
  onEvent(event: string, body: unknown): void;
  /** The server sent what the contract does not know. */
  onProblem(sentence: string): void;
}

interface Waiting {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The server refuses a token by closing with this code (policy violation) or its HTTP-like twin. */
const REFUSED = new Set([1008, 4401, 4403]);
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

export class Channel {
  private socket: WebSocket | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private failures = 0;
  private everOpen = false;
  private left = false;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly listener: ChannelListener,
  ) {}

  connect(): void {
    this.pause = undefined;
    this.listener.onState({ kind: "connecting" });
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ token: this.token }));
      this.everOpen = true;
      this.listener.onState({ kind: "open" });
    });
    socket.addEventListener("message", (event: MessageEvent<unknown>) => this.receive(event.data));
    socket.addEventListener("close", (event) => this.closed(event.code));
  }

  /** Ends the pause before the next try. */
  retry(): void {
    if (this.pause === undefined) return;
    clearTimeout(this.pause);
    this.connect();
  }

  /** For good: nothing is tried again. */
  close(): void {
    this.left = true;
    clearTimeout(this.pause);
    this.socket?.close();
  }

  async request(request: string, args: unknown): Promise<unknown> {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) throw new Error("There is no connection to HeapAtlas at the moment.");
    const id = this.nextId++;
    return await new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, request, arguments: args }));
    });
  }

  private receive(data: unknown): void {
    try {
      if (typeof data !== "string") throw new Error("The server sent a binary message, which nobody here can read.");
      const message = JsonObject.of(JSON.parse(data), "message");
      // A connection is good when something came over it; only then does the next pause start small again.
      this.failures = 0;
      if (message.has("event")) this.listener.onEvent(message.string("event"), message.raw("body"));
      else this.answer(message);
    } catch (cause) {
      this.listener.onProblem(reason(cause));
    }
  }

  private answer(message: JsonObject): void {
    const id = message.number("id");
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    const error = message.has("error") ? errorText(message.raw("error")) : undefined;
    if (error === undefined) waiting?.resolve(message.raw("body"));
    else if (waiting === undefined) this.listener.onProblem(error);
    else waiting.reject(new Error(error));
  }

  private closed(code: number): void {
    for (const { reject } of this.waiting.values()) reject(new Error("The connection to HeapAtlas was lost."));
    this.waiting.clear();
    if (this.left) return;
    if (REFUSED.has(code)) {
      this.listener.onState({ kind: "refused" });
      return;
    }
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.failures++);
    this.listener.onState({ kind: "lost", retryAt: Date.now() + pause, everOpen: this.everOpen });
    this.pause = setTimeout(() => this.connect(), pause);
  }
}

function errorText(error: unknown): string {
  if (typeof error === "string") return error;
  const object = JsonObject.of(error, "error");
  return object.string("message");
}
