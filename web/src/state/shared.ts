// A view made anew shares with the one before every part that says the same: pages redraw what has another identity and nothing else,
// so thirty people who sit still cost nothing while one speaks. Pure; for plain data, as LessonView is.

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function sharedList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const list = after.map((value, index) => shared(before[index], value));
  return before.length === list.length && list.every((value, index) => value === before[index])
    ? before
    : list;
}

function sharedFields(before: Plain, after: Plain): Plain {
  const names = Object.keys(after);
  const fields = Object.fromEntries(names.map((name) => [name, shared(before[name], after[name])]));
  const isSame =
    names.length === Object.keys(before).length && names.every((name) => fields[name] === before[name]);
  return isSame ? before : fields;
}

function sharedMap(before: ReadonlyMap<unknown, unknown>, after: ReadonlyMap<unknown, unknown>): unknown {
  const entries = [...after].map(([key, value]) => [key, shared(before.get(key), value)] as const);
  const isSame =
    before.size === after.size &&
    entries.every(([key, value]) => before.has(key) && before.get(key) === value);
  return isSame ? before : new Map(entries);
}

/** Says what `after` says, with the parts of `before` wherever they say the same. */
export function shared<Value>(before: Value | undefined, after: Value): Value;
export function shared(before: unknown, after: unknown): unknown {
  if (before === after) return before;
  if (Array.isArray(before) && Array.isArray(after)) return sharedList(before, after);
  if (before instanceof Map && after instanceof Map) return sharedMap(before, after);
  return isPlain(before) && isPlain(after) ? sharedFields(before, after) : after;
}
