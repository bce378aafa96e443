import { Type } from 'typebox'
import { object } from './operation.ts'

/** UUIDv7 text. */
export const Id = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
})
/** An agent's id, or its number (decision 14). */
export const AgentRef = Type.String({ minLength: 1, maxLength: 36, pattern: '^([0-9]{1,4}|[0-9a-f-]{36})$' })
/** ISO-8601 UTC with milliseconds. */
export const Time = Type.String({ format: 'date-time' })
/** Milliseconds, 1 to 600,000. */
export const TimeoutMs = Type.Integer({ minimum: 1, maximum: 600_000 })
/** BCP-47 tag, or `auto`. */
export const Language = Type.String({
  minLength: 2,
  maxLength: 35,
  pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$',
})
export const AgentNumber = Type.Integer({ minimum: 0, maximum: 9999 })
export const Priority = Type.Enum(['low', 'normal', 'high'])
/** A map whose keys the specification leaves free. */
export const FreeMap = Type.Record(Type.String(), Type.Unknown())
export const Text = (maxLength: number, minLength = 0) => Type.String({ minLength, maxLength })
export const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** Page of a list: `limit` 1 to 500 (50 unless given), `cursor` as `next_cursor` gave it. */
export const page = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(Text(512, 1)),
}
/** Present when there is more. */
export const next_cursor = Type.Optional(Type.String())

/** A passkey assertion (specification, `BiometricCredential`). All parts base64url. */
export const BiometricCredential = object({
  credential_id: Text(1024, 1),
  challenge_response: Text(4096, 1),
  authenticator_data: Text(4096),
  client_data_json: Text(8192),
})

/** One thing that an agent can do. `parameters` is JSON Schema. */
export const AgentAction = object({
  name: Type.String(),
  summary: Type.String(),
  effect: Type.Enum(['read', 'write', 'destructive', 'network']),
  parameters: FreeMap,
})
export type AgentAction = Type.Static<typeof AgentAction>
