/** Characters of a pointer in a problem. */
const POINTER_MAX = 1000

/** The JSON pointer of a part (RFC 6901). */
export function below(pointer: string, key: string | number): string {
  return typeof key === 'number'
    ? `${pointer}/${key}`
    : `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** The same place, or the part around it if saying it would take too long: a key may be as long as it likes. */
export function short(pointer: string): string {
  return pointer.length > POINTER_MAX
    ? pointer.slice(0, Math.max(0, pointer.lastIndexOf('/', POINTER_MAX)))
    : pointer
}

/** A part of a document, and where it stands: its place among the keys of each part around it. */
interface Found {
  readonly part: unknown
  readonly place: readonly number[]
}

/** Tells where things stand in one document. */
export function placesIn(document: unknown): (pointer: string) => readonly number[] {
  const found = new Map<string, Found>([['', { part: document, place: [] }]])
  const orders = new WeakMap<object, ReadonlyMap<string, number>>()
  const orderOf = (part: object): ReadonlyMap<string, number> => {
    const known = orders.get(part) ?? new Map(Object.keys(part).map((key, index) => [key, index]))
    orders.set(part, known)
    return known
  }
  const fieldOf = (part: unknown, key: string): number | undefined =>
    typeof part === 'object' && part !== null ? orderOf(part).get(key) : undefined
  const find = (pointer: string): Found => {
    const known = found.get(pointer)
    if (known !== undefined) return known
    const end = pointer.lastIndexOf('/')
    const { part, place } = find(pointer.slice(0, end))
    const key = pointer
      .slice(end + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~')
    const index = Array.isArray(part) ? itemOf(part, key) : fieldOf(part, key)
    // What is missing stands behind all that is there.
    const here = {
      part: index === undefined ? undefined : (part as Fields)[key],
      place: [...place, index ?? Infinity],
    }
    found.set(pointer, here)
    return here
  }
  return (pointer) => find(pointer).place
}

/** A list may be long, and what stands in it is numbered already. */
function itemOf(list: readonly unknown[], key: string): number | undefined {
  const index = Number(key)
  return Number.isInteger(index) && index >= 0 && index < list.length && String(index) === key
    ? index
    : undefined
}

type Fields = Readonly<Record<string, unknown>>

/** Whether one place is before another: a negative number if it is. What is around a part is before it. */
export function compare(a: readonly number[], b: readonly number[]): number {
  for (let level = 0; level < a.length && level < b.length; level += 1) {
    const [one = 0, other = 0] = [a[level], b[level]]
    if (one !== other) return one < other ? -1 : 1
  }
  return a.length - b.length
}
