import { oneLine, table, toJson } from './print.ts'

/** Facts that are read at a glance. */
const FACTS_MAX = 12

/**
 * What a call has answered, for people. A result is told once, so that nothing of it is left out: but for what has an id
 * and a name, which is kept on the server and can be looked at there.
 */
export function sayResult(result: unknown): string {
  const facts = factsOf(result, [])
  if (facts.length === 0) return ''
  if (facts.length <= FACTS_MAX) return table(facts)
  const own = facts.filter(([name]) => name === 'id' || name === 'name')
  return own.length === 2 ? table(own) : toJson(result)
}

/** Every value with the names that lead to it: "after state name". */
function factsOf(value: unknown, names: readonly string[]): [name: string, value: string][] {
  if (value === null || value === undefined) return []
  const name = oneLine(names.join(' ').replaceAll('_', ' '))
  if (typeof value !== 'object')
    return [[name, oneLine(typeof value === 'string' ? value : JSON.stringify(value))]]
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return value.length === 0 ? [] : [[name, oneLine(value.join(', '))]]
  return Object.entries(value).flatMap(([own, one]) => factsOf(one, [...names, own]))
}
