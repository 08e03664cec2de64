// What runs, and which of it is looked at. Main entry: Running. Pure. Must hold: current is what was chosen last, by a person
// or by the editor, if it still runs; else what began last.
export class Running<S> {
  private readonly all = new Map<string, S>();
  private chosen = "";

  get current(): S | undefined {
    return this.all.get(this.chosen) ?? [...this.all.values()].at(-1);
  }

  /** In the order in which they began. */
  get list(): readonly S[] {
    return [...this.all.values()];
  }

  get(id: string): S | undefined {
    return this.all.get(id);
  }

  begin(id: string, session: S): void {
    this.all.set(id, session);
    this.chosen = id;
  }

  end(id: string): void {
    this.all.delete(id);
  }

  /** What does not run is not chosen. */
  choose(id: string): void {
    if (this.all.has(id)) this.chosen = id;
  }
}
