import type { SectionValue } from '@sema/serializer';

/**
 * A snapshot as sections of a file: its plain data as the section `name`, and each array of doubles
 * as a section of its own, named by its path, as in `learner.register.amplitudes`.
 */
export function toSections(name: string, snapshot: object): Record<string, SectionValue> {
  const arrays: Record<string, SectionValue> = {};
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(snapshot)) {
    const path = `${name}.${key}`;
    if (value instanceof Float64Array) arrays[path] = value;
    else if (isTree(value)) {
      const { [path]: inner, ...others } = toSections(path, value);
      plain[key] = inner;
      Object.assign(arrays, others);
    } else plain[key] = value;
  }
  // What is left after the arrays were taken out is plain data.
  return { [name]: plain as SectionValue, ...arrays };
}

/**
 * The snapshot that `toSections` was given, its fields still to be checked by whoever restores from
 * it; an empty one when the section is not there.
 */
export function fromSections(
  name: string,
  sections: Readonly<Record<string, SectionValue>>,
): Record<string, unknown> {
  const plain = Object.hasOwn(sections, name) ? sections[name] : undefined;
  const snapshot = treeFrom(plain);
  for (const [path, value] of Object.entries(sections)) {
    if (!path.startsWith(`${name}.`)) continue;
    const keys = path.slice(name.length + 1).split('.');
    const last = keys.pop();
    let group: Record<string, unknown> | undefined = snapshot;
    for (const key of keys) {
      const inner: unknown = group?.[key];
      group = isTree(inner) ? inner : undefined;
    }
    if (group !== undefined && last !== undefined) group[last] = value;
  }
  return snapshot;
}

/** A copy of plain data whose groups may be written to; without prototypes, so by any name. */
function treeFrom(value: unknown): Record<string, unknown> {
  const copy = Object.create(null) as Record<string, unknown>;
  if (!isTree(value)) return copy;
  for (const [key, inner] of Object.entries(value)) {
    copy[key] = isTree(inner) ? treeFrom(inner) : inner;
  }
  return copy;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value)
  );
}
