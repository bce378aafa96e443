import { APPROVAL_HEADER } from '../../../contract/approvals.ts'
import { PROOF_FIELD, PROOF_HEADER } from '../../../contract/credentials.ts'
import { operations } from '../../../contract/index.ts'
import { API_VERSION, LIMIT_HEADERS, LIMIT_TYPES, VERSION_HEADER } from '../../../contract/limits.ts'
import type { Operation } from '../../../contract/operation.ts'
import { closed, components, referring, successBody } from './schemas.ts'
import type { Json } from './schemas.ts'

/** The areas of the contract, in the order in which documents show them. */
export const AREAS = {
  auth: 'Signing in, passkeys and sessions.',
  agents: 'Agents, what they do, know and remember.',
  workflows: 'Actions of agents in sequence, and what starts them.',
  system: 'Health, architecture, changes and their rollback.',
  voice: 'Spoken and written sentences.',
  credentials: 'Secrets, opened by a passkey alone.',
  integrations: 'Services outside that agents can ask.',
  messages: 'The message protocol between agents.',
  users: 'The users of this server, for its owner.',
  approvals: 'Sensitive calls that wait for a passkey.',
  notifications: 'What the user was told.',
  account: 'All that is one’s own, to take along and to bring back.',
}

const limitDescriptions = ['Calls in the tightest window.', 'Calls left in it.', 'Its end in epoch seconds.']
const limitHeaders = Object.fromEntries(
  LIMIT_HEADERS.map((name, index): [string, Json] => {
    const description = limitDescriptions[index]
    return [
      name,
      description === undefined
        ? { description: 'Whose window it is.', schema: { type: 'string', enum: [...LIMIT_TYPES] } }
        : { description, schema: { type: 'integer' } },
    ]
  }),
)
const text = { type: 'string' }
const headers: Json = {
  ...limitHeaders,
  'X-Request-Id': { description: 'Names this request in the log.', schema: text },
  [VERSION_HEADER]: { description: 'The version that answered.', schema: { const: API_VERSION } },
}
const headerRefs = Object.fromEntries(
  Object.keys(headers).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
)

const parameters: Record<string, Json> = {
  version: {
    name: VERSION_HEADER,
    description: 'The version that the client speaks.',
    schema: { const: API_VERSION },
  },
  key: {
    name: 'Idempotency-Key',
    description: 'The same key and input within 24 h answer the same, once done.',
    schema: text,
  },
  proof: {
    name: PROOF_HEADER,
    description: `Instead of \`${PROOF_FIELD}\`: base64url JSON of a \`BiometricCredential\`, or a ticket.`,
    schema: text,
  },
  approval: {
    name: APPROVAL_HEADER,
    description: 'Asks the user for an approval instead of giving proof; answered with 202.',
    schema: { const: 'request' },
  },
}

const json = (schema: unknown) => ({ 'application/json': { schema } })
const parameterRef = (name: string) => ({ $ref: `#/components/parameters/${name}` })
const answer = (description: string, schema: unknown) => ({
  description,
  headers: headerRefs,
  content: json(schema),
})

/** Names of the parameters in a path. */
function pathFields(path: string): readonly string[] {
  return [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '')
}

/** Whether an object leaves its fields to the sender. */
function isFree(schema: object): boolean {
  return 'additionalProperties' in schema && schema.additionalProperties !== false
}

const hasBody = (of: Operation) => of.http.method === 'POST' || of.http.method === 'PUT'

function parametersOf(of: Operation): readonly Json[] {
  const inPath = pathFields(of.http.path)
  const required: readonly string[] = of.input.required ?? []
  const fields = Object.entries(of.input.properties).flatMap(([name, schema]): Json[] => {
    if (inPath.includes(name)) return [{ name, in: 'path', required: true, schema: referring(schema) }]
    if (hasBody(of)) return []
    return [{ name, in: 'query', required: required.includes(name), schema: referring(schema) }]
  })
  return [
    ...fields,
    parameterRef('version'),
    ...(of.key === undefined ? [] : [parameterRef('key')]),
    ...(of.proof === 'none' ? [] : [parameterRef('proof'), parameterRef('approval')]),
  ]
}

function bodyOf(of: Operation): Json {
  if (!hasBody(of)) return {}
  const inPath = pathFields(of.http.path)
  const fields = Object.entries(of.input.properties).filter(([name]) => !inPath.includes(name))
  const required = (of.input.required ?? []).filter((name: string) => !inPath.includes(name))
  const proof =
    of.proof === 'none' ? {} : { [PROOF_FIELD]: { $ref: '#/components/schemas/BiometricCredential' } }
  const properties = {
    ...Object.fromEntries(fields.map(([name, schema]) => [name, referring(schema)])),
    ...proof,
  }
  const free = isFree(of.input)
  if (Object.keys(properties).length === 0 && !free) return {}
  const whole = inPath.length === 0 && of.proof === 'none'
  const schema = whole ? referring(of.input) : closed(properties, required, free)
  return { requestBody: { required: required.length > 0, content: json(schema) } }
}

function responsesOf(of: Operation): Json {
  const done =
    of.http.media === undefined
      ? answer(of.outcome === 'nothing' ? 'Done.' : 'The answer.', successBody(of))
      : {
          description: 'The sound.',
          headers: headerRefs,
          content: { [of.http.media]: { schema: { type: 'string', format: 'binary' } } },
        }
  const later =
    of.outcome === 'accepted' ? { 202: { ...done, description: 'Accepted and not finished.' } } : {}
  const pending = closed(
    {
      success: { type: 'boolean', const: true },
      data: { $ref: '#/components/schemas/PendingApproval' },
    },
    ['success', 'data'],
  )
  return {
    [of.http.status]: done,
    ...later,
    ...(of.proof === 'none' ? {} : { 202: answer('Waits for an approval.', pending) }),
    '4XX': { $ref: '#/components/responses/Refused' },
    default: { $ref: '#/components/responses/Refused' },
  }
}

function operationOf(of: Operation): Json {
  const bearer = { bearer: [] }
  return {
    operationId: of.name.replace('.', '_'),
    tags: [of.name.split('.')[0]],
    summary: of.summary,
    ...(of.deprecation === undefined ? {} : { deprecated: true, 'x-sunset': of.deprecation.sunset }),
    'x-who': of.who,
    'x-proof': of.proof,
    'x-limits': of.unlimited ? [] : ['requests_per_minute', ...of.limits],
    security: of.who === 'public' ? [{}, bearer] : [bearer],
    parameters: parametersOf(of),
    ...bodyOf(of),
    responses: responsesOf(of),
  }
}

function paths(): Json {
  const byPath: Record<string, Json> = {}
  for (const of of Object.values<Operation>(operations)) {
    const path = of.http.path.replaceAll(/:(\w+)/g, '{$1}')
    byPath[path] = { ...byPath[path], [of.http.method.toLowerCase()]: operationOf(of) }
  }
  return byPath
}

const responses = {
  Refused: answer('Refused, or failed. The code says why.', { $ref: '#/components/schemas/APIError' }),
}

/** The OpenAPI 3.1 document of the contract. `version` is that of the product. */
export function openApiDocument(version: string): Json {
  const described = paths()
  return {
    openapi: '3.1.0',
    info: {
      title: 'PAIOS',
      version,
      description:
        'A personal AI operating system: agents, workflows, voice and a credential vault behind one API.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api', description: 'This server.' }],
    tags: Object.entries(AREAS).map(([name, description]) => ({ name, description })),
    paths: described,
    components: {
      schemas: components([described, responses]),
      headers,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, one]) => [name, { in: 'header', ...one }]),
      ),
      responses,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}
