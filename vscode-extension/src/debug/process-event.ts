// What an adapter's message says of the process that it debugs. Main entry: processIdOf. Pure.

/** The system's number of a process on this machine, of the protocol's event `process`; undefined of any other message. */
export function processIdOf(message: unknown): number | undefined {
  const { type, event, body } = fieldsOf(message);
  if (type !== "event" || event !== "process") return undefined;
  const { systemProcessId: pid, isLocalProcess: local } = fieldsOf(body);
  return typeof pid === "number" && Number.isInteger(pid) && pid > 0 && local !== false ? pid : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
