/** What a value is changed to, at once or when it has arrived; nothing stays nothing. */
export function whenThere(value: unknown, change: (value: unknown) => unknown): unknown {
  if (value === null || value === undefined) return value;
  return typeof value === 'object' && 'then' in value && typeof value.then === 'function'
    ? value.then((arrived: unknown) => whenThere(arrived, change))
    : change(value);
}
