import { Value } from 'typebox/value'
import { operations } from '../../contract/index.ts'
import type { Operation } from '../../contract/operation.ts'
import type { Fields } from './rig.ts'

/** An id that nothing has. */
export const NOTHING = '018f0000-0000-7000-8000-00000000dead'
const OTHER_ID = '018f0000-0000-7000-8000-00000000beef'
const TIME = '2026-11-22T10:00:00.000Z'
/** One for each pattern; the last two are as long as the public key and the secret of a browser that is pushed to. */
const TEXTS = [NOTHING, '9999', 'en', '10:00', 'x', 'B'.repeat(87), 'A'.repeat(22)]

interface Schema {
  type?: string
  pattern?: string
  format?: string
  enum?: readonly unknown[]
  const?: unknown
  anyOf?: readonly Schema[]
  items?: Schema
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  minLength?: number
  minItems?: number
  minimum?: number
}

/** Where a shape alone does not say what is meant. */
const SPECIAL: Readonly<Record<string, Fields>> = {
  'auth.biometric_challenge': { purpose: 'login' },
  'auth.login': { email: 'nobody@example.org', password: 'a password of nobody 7' },
  // What else could be forgotten has no name that a schema could require.
  'agents.memory_clear': { tags: ['x'] },
  'messages.send': {
    method: 'memory.query',
    params: { agent_number: 9_999 },
    source: { agent_number: 0, agent_id: '' },
  },
  'users.create': { email: 'new@example.org', password: 'a password of nobody 7' },
}

/** All operations of the contract. */
export const every: readonly Operation[] = Object.values(operations)

/** A small input that fits the contract, about things that do not exist: made from the schema, so that no operation is left out. */
export function sampleOf({ name, input }: Operation): Fields {
  return { ...(sample(input) as Fields), ...SPECIAL[name] }
}

/** Whether the input of an operation has fields that are free. */
export function isFree({ input }: Operation): boolean {
  return (input as { additionalProperties?: unknown }).additionalProperties === true
}

/** Another input that fits the contract, or nothing when there is only one. */
export function otherOf(operation: Operation): Fields | undefined {
  const own = sampleOf(operation)
  const candidates = Object.entries(operation.input.properties).flatMap(([name, schema]) => {
    const value = own[name]
    const others = value === undefined ? [sample(schema)] : [OTHER_ID, 'another text of 24 chars', 7, false]
    return others.map((other) => ({ ...own, [name]: other }))
  })
  const differs = (one: Fields) => JSON.stringify(one) !== JSON.stringify(own)
  return candidates.find((one) => differs(one) && Value.Check(operation.input, one))
}

function sample(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.anyOf !== undefined) return sample(schema.anyOf[0] ?? {})
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [] } = schema
      return Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {})]))
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items ?? {}))
    case 'string':
      return text(schema)
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, 1)
    case 'boolean':
      return true
    default:
      return {}
  }
}

function text({ pattern, format, minLength = 1 }: Schema): string {
  if (format === 'date-time') return TIME
  if (pattern === undefined) return 'x'.repeat(Math.max(minLength, 1))
  const found = TEXTS.find((one) => new RegExp(pattern, 'u').test(one))
  if (found === undefined) throw new Error(`No text for ${pattern}.`)
  return found
}
