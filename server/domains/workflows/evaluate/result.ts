import type { Budget } from './budget.ts'
import { Stop } from './place.ts'
import { DEPTH_MAX, isList } from './value.ts'
import type { Json, Value } from './value.ts'

/**
 * A copy of a value that JSON can hold, so that nobody can change what was read by changing what was made. As in JSON,
 * what is undefined is left out of objects and is null elsewhere, and -0 is 0; NaN and infinity are refused.
 */
export function toJson(value: Value, budget: Budget): Json {
  let size = budget.result
  const count = (bytes: number): void => {
    size += bytes
    if (size > budget.limits.size_bytes)
      throw new Stop(
        `A result may not be larger than ${budget.limits.size_bytes.toLocaleString('en')} bytes.`,
      )
  }
  const copy = (part: Value, depth: number): Json => {
    if (depth > DEPTH_MAX) throw new Stop(`A result may be nested at most ${DEPTH_MAX} deep.`)
    count(1)
    if (part === undefined || part === null || typeof part === 'boolean') return part ?? null
    if (typeof part === 'number') return finite(part)
    if (typeof part === 'string') {
      // A text of that many units has at least as many bytes.
      count(part.length)
      count(Buffer.byteLength(part) - part.length)
      return part
    }
    if (isList(part)) return part.map((item) => copy(item, depth + 1))
    const fields: Record<string, Json> = {}
    for (const [key, field] of Object.entries(part)) {
      if (field === undefined) continue
      if (key === '__proto__') throw new Stop('An object cannot have a key __proto__.')
      count(Buffer.byteLength(key))
      fields[key] = copy(field, depth + 1)
    }
    return fields
  }
  const json = copy(value, 0)
  budget.result = size
  return json
}

function finite(number: number): number {
  if (!Number.isFinite(number))
    throw new Stop(`The result is ${number}, which is no number that JSON can hold.`)
  return number === 0 ? 0 : number
}
