// The watchpoints of a workspace, kept between sessions. Main entry: WatchpointList. Pure but for its store. Must hold: two
// watchpoints have different ids, and whatever changed is stored before anybody hears of it.
import { randomUUID } from "node:crypto";
import { remembered, type Place, type Watchpoint } from "./watchpoint.ts";

/** The editor's memory of a workspace. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

const KEY = "watchpoints";

export class WatchpointList {
  private watchpoints: readonly Watchpoint[];
  private readonly listeners = new Set<() => void>();

  constructor(private readonly store: Store) {
    this.watchpoints = remembered(store.get(KEY));
  }

  get all(): readonly Watchpoint[] {
    return this.watchpoints;
  }

  get enabled(): readonly Watchpoint[] {
    return this.watchpoints.filter(({ enabled }) => enabled);
  }

  onChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  async add(place: Place, name = ""): Promise<void> {
    const fresh = { ...place, id: randomUUID(), name, condition: "", hitCondition: "", enabled: true };
    await this.keep([...this.watchpoints, fresh]);
  }

  async change(id: string, change: Partial<Omit<Watchpoint, "id">>): Promise<void> {
    await this.keep(this.watchpoints.map((each) => (each.id === id ? { ...each, ...change } : each)));
  }

  async remove(id: string): Promise<void> {
    await this.keep(this.watchpoints.filter((each) => each.id !== id));
  }

  async removeAll(): Promise<void> {
    await this.keep([]);
  }

  private async keep(watchpoints: readonly Watchpoint[]): Promise<void> {
    this.watchpoints = watchpoints;
    await this.store.update(KEY, watchpoints);
    for (const listener of this.listeners) listener();
  }
}
