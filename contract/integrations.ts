import { Type } from 'typebox'
import { Destination } from './credentials.ts'
import { area, object, operation } from './operation.ts'
import { AgentAction, AgentNumber, AgentRef, FreeMap, Id, Text, Time, next_cursor, page } from './shapes.ts'
import { Milliseconds } from './units.ts'

/**
 * Where a parameter of an action goes: a piece of the path, the query, a header, a field of the body, or the `whole`
 * body. `name` is what it is called there, its own name unless given. A list in the query is repeated, or joined by
 * commas where `explode` is false.
 */
export const Place = object({
  in: Type.Enum(['path', 'query', 'header', 'body', 'whole']),
  name: Type.Optional(Text(128, 1)),
  explode: Type.Optional(Type.Boolean()),
})
export type Place = Type.Static<typeof Place>

/**
 * One thing that a service can be asked. `path` is below the base address, with `{parameter}` in its pieces. Parameters
 * without a place are of the path when it names them, else of the query where the method only looks or deletes, else of
 * the body. What only looks, and what is sent, has the effect `network`; `DELETE` is `destructive` unless said otherwise.
 */
export const HttpAction = object({
  name: Type.String({ minLength: 1, maxLength: 80, pattern: '^[a-z][a-z0-9_]*$' }),
  summary: Type.Optional(Text(500)),
  method: Type.Enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: Text(1024, 1),
  /** JSON Schema of an object, bounded and without references. */
  parameters: Type.Optional(FreeMap),
  places: Type.Optional(Type.Record(Type.String(), Place)),
  body: Type.Optional(Type.Enum(['json', 'form'])),
  effect: Type.Optional(Type.Enum(['network', 'destructive'])),
  /** Templates; without any, the name of the service and the words of the action. */
  phrases: Type.Optional(Type.Array(Text(500, 1), { maxItems: 10 })),
})
export type HttpAction = Type.Static<typeof HttpAction>

const Pointer = Type.String({ maxLength: 512, pattern: '^(/([^/~]|~[01])*)*$' })

/** The one place of a request that the credential goes to, as grants name it; without it, all that were granted. */
export const AuthPlace = object({ in: Type.Enum(['header', 'query', 'body']), name: Text(128, 1) })

/**
 * How the service gives the credential another secret: `action` is one of the own actions, which is asked with
 * `parameters` and the present secret; `value` is where the next one stands in the answer, and `expires_at` where its end
 * does (a time, or seconds since 1970), both as JSON pointers (RFC 6901). Where the answer does not say, it lasts
 * `lifetime_days`.
 */
export const Rotation = object({
  action: HttpAction.properties.name,
  value: Pointer,
  expires_at: Type.Optional(Pointer),
  lifetime_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })),
  parameters: Type.Optional(FreeMap),
})
export type Rotation = Type.Static<typeof Rotation>

const IntegrationType = Type.Enum(['http', 'mcp', 'webhook', 'llm'])

const named = {
  id: Text(64, 1),
  name: Text(80, 1),
  type: IntegrationType,
  credential_id: Type.Optional(Text(64)),
  /** Hosts that it may reach, of those that the operator allows; without any, that of its address alone. */
  allowed_hosts: Type.Array(Text(253, 1), { maxItems: 50 }),
  enabled: Type.Boolean(),
}
const address = Text(2048, 1)
const ActionName = HttpAction.properties.name

const later = {
  ...named,
  base_url: Type.Optional(Text(2048)),
  command: Type.Optional(Type.Array(Text(2048), { maxItems: 64 })),
  model: Type.Optional(Text(128)),
  actions: Type.Optional(Type.Array(FreeMap, { maxItems: 100 })),
}

/** What an integration of each type is made of. */
export const INTEGRATIONS = {
  /** A service with actions: written by hand, imported from a document, or both. */
  http: object({
    ...named,
    base_url: address,
    auth: Type.Optional(AuthPlace),
    actions: Type.Optional(Type.Array(HttpAction, { maxItems: 100 })),
    document_id: Type.Optional(Text(64, 1)),
    rotation: Type.Optional(Rotation),
  }),
  /** An address that is told things, each signed with the credential; `action` is what telling is called, `send`. */
  webhook: object({
    ...named,
    base_url: address,
    credential_id: Text(64, 1),
    action: Type.Optional(ActionName),
  }),
  mcp: object(later),
  llm: object(later),
} as const

export type HttpIntegration = Type.Static<typeof INTEGRATIONS.http>
export type WebhookIntegration = Type.Static<typeof INTEGRATIONS.webhook>

/**
 * A service outside that an agent may use (decision 20). Which fields there are follows from its type (`INTEGRATIONS`):
 * they are told apart where a configuration is checked, so that what is wrong is said of the type that was meant.
 */
export const ExternalIntegration = object({
  ...later,
  auth: Type.Optional(AuthPlace),
  document_id: Type.Optional(Text(64, 1)),
  action: Type.Optional(ActionName),
  rotation: Type.Optional(Rotation),
})
export type ExternalIntegration = Type.Static<typeof ExternalIntegration>

/** How a service was found: by the last look at it, at most 60 s ago when somebody asks, or by what it answered. */
export const IntegrationHealth = object({
  status: Type.Enum(['unknown', 'online', 'degraded', 'offline']),
  response_time: Type.Optional(Milliseconds),
  last_check: Type.Optional(Time),
})
export type IntegrationHealth = Type.Static<typeof IntegrationHealth>

/** `problem` says why nothing comes of it, or of a part of it, as it is set up. */
const Listed = object({
  agent_number: AgentNumber,
  id: Type.String(),
  name: Type.String(),
  type: IntegrationType,
  enabled: Type.Boolean(),
  host: Type.Optional(Type.String()),
  credential_id: Type.Optional(Type.String()),
  document_id: Type.Optional(Type.String()),
  actions: Type.Integer(),
  health: IntegrationHealth,
  problem: Type.Optional(Type.String()),
})

/** An OpenAPI document may have 5 MB; as a text of JSON it takes more. */
export const DOCUMENT_BYTES_MAX = 5_000_000
const IMPORT_BODY_BYTES_MAX = 12_582_912

const Remark = object({ path: Type.String(), message: Type.String() })
export type Remark = Type.Static<typeof Remark>

/**
 * What an import came to, or would come to. `operations` is how many the document has, `actions` how many became
 * actions, `names` the first hundred of them; `granted` is where the credential goes.
 */
export const OpenApiImported = object({
  integration: ExternalIntegration,
  title: Type.String(),
  version: Type.String(),
  operations: Type.Integer(),
  actions: Type.Integer(),
  names: Type.Array(Type.String()),
  warnings: Type.Array(Remark),
  granted: Type.Optional(Destination),
  impact_assessment: Type.String(),
  dry_run: Type.Boolean(),
})
export type OpenApiImported = Type.Static<typeof OpenApiImported>

export const IntegrationAction = object({
  ...AgentAction.properties,
  phrases: Type.Array(Type.String()),
})

export const integrations = area('integrations', {
  list: operation({
    http: 'GET /integrations',
    summary: 'The services that the agents of the user are set up to use, and how they are.',
    output: object({ integrations: Type.Array(Listed) }),
  }),
  openapi: operation({
    http: 'POST /integrations/openapi',
    summary:
      'Makes actions of an agent from an OpenAPI document, given as a text of JSON or YAML or fetched from an address.',
    proof: 'strict',
    key: 'header',
    body_bytes_max: IMPORT_BODY_BYTES_MAX,
    input: object({
      agent_number: Type.Integer({ minimum: 1, maximum: 9999 }),
      name: Type.Optional(named.name),
      id: Type.Optional(named.id),
      document: Type.Optional(Text(DOCUMENT_BYTES_MAX, 1)),
      url: Type.Optional(address),
      base_url: Type.Optional(address),
      credential_id: Type.Optional(Id),
      /** Tags or operation ids; all operations without. */
      only: Type.Optional(Type.Array(Text(200, 1), { minItems: 1, maxItems: 500 })),
      dry_run: Type.Optional(Type.Boolean()),
    }),
    output: OpenApiImported,
  }),
  actions: operation({
    http: 'GET /integrations/:agent/:id/actions',
    summary: 'What one service can be asked, with parameters and phrases.',
    input: object({ agent: AgentRef, id: named.id, ...page }),
    output: object({
      actions: Type.Array(IntegrationAction),
      total_count: Type.Integer(),
      next_cursor,
    }),
  }),
})
