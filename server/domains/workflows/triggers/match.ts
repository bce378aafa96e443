import type { Json } from '../evaluate/value.ts'

/** Whether data has every field that is asked for, with the same value; objects in it need only have theirs. */
export function matches(data: Json, wanted: Json): boolean {
  if (typeof wanted !== 'object' || wanted === null) return data === wanted
  if (typeof data !== 'object' || data === null || Array.isArray(wanted) !== Array.isArray(data)) return false
  if (Array.isArray(wanted))
    return (
      (data as readonly Json[]).length === wanted.length &&
      wanted.every((item, index) => matches((data as readonly Json[])[index] ?? null, item as Json))
    )
  return Object.entries(wanted).every(
    ([name, value]) =>
      Object.hasOwn(data, name) && matches((data as Record<string, Json>)[name] ?? null, value),
  )
}
