import { APPROVAL_FIELD } from '../../../contract/approvals.ts'
import { PROOF_FIELD } from '../../../contract/credentials.ts'
import {
  EventPlace,
  client_events,
  connection_events,
  operation_events,
  server_events,
} from '../../../contract/events.ts'
import type { Call, ClientCall } from '../../../contract/events.ts'
import type { Operation } from '../../../contract/operation.ts'
import { closed, components, nameOf, referring, successBody } from './schemas.ts'
import type { Json } from './schemas.ts'

/** A message with the direction that it goes, seen from the server. */
interface Message {
  event: string
  action: 'send' | 'receive'
  summary: string
  payload: unknown
  headers?: unknown
  /** What an acknowledgement carries. */
  answer?: unknown
}

const APIErrorRef = { $ref: '#/components/schemas/APIError' }
const key = (event: string) => event.replace(':', '_')

/** The arguments of an event: the one alone, or a tuple. Optional ones are at the end. */
function positional(input: Call['input'], args: readonly string[]): unknown {
  const schemas = args.map((name) => referring(input.properties[name]))
  if (schemas.length === 1) return schemas[0]
  if (schemas.length === 0) return { type: 'array', maxItems: 0 }
  const required = args.filter((name) => (input.required ?? []).includes(name))
  return { type: 'array', items: schemas, minItems: required.length, maxItems: schemas.length }
}

/** What a sensitive event carries besides its input: the proof, or the wish for an approval. */
const sensitive = {
  [PROOF_FIELD]: { $ref: '#/components/schemas/BiometricCredential' },
  [APPROVAL_FIELD]: { const: true },
}

/** The object that a client sends for an operation: its fields renamed back, with those that the server drops. */
function objectArgument(of: Operation): unknown {
  const { rename = {}, drop = [] } = of.socket ?? {}
  const sent = Object.fromEntries(Object.entries(rename).map(([event, input]) => [input, event]))
  const sentAs = (name: string) => sent[name] ?? name
  const fields = Object.entries(of.input.properties).map(([name, one]) => [sentAs(name), referring(one)])
  const dropped = drop.map((name) => [name, { description: 'Taken from the client and not used.' }])
  if (of.proof === 'none' && nameOf(of.input) !== undefined) return referring(of.input)
  return closed(
    { ...Object.fromEntries([...fields, ...dropped]), ...(of.proof === 'none' ? {} : sensitive) },
    (of.input.required ?? []).map(sentAs),
  )
}

function operationMessage([event, of]: readonly [string, Operation]): Message {
  const { args } = of.socket ?? {}
  return {
    event,
    action: 'receive',
    summary: of.summary,
    payload: args === undefined ? objectArgument(of) : positional(of.input, args),
    answer: { oneOf: [successBody(of), APIErrorRef] },
  }
}

function toldMessage([event, { input, args }]: readonly [string, Call]): Message {
  const summary = 'Tells the client of its connection.'
  return { event, action: 'send', summary, payload: positional(input, args) }
}

function clientMessage([event, { input, args, answer }]: readonly [string, ClientCall]): Message {
  const body = closed({ success: { type: 'boolean', const: true }, data: referring(answer) }, [
    'success',
    'data',
  ])
  return {
    event,
    action: 'receive',
    summary: 'Concerns this connection alone.',
    payload: positional(input, args),
    answer: { oneOf: [body, APIErrorRef] },
  }
}

function messages(): readonly Message[] {
  return [
    ...Object.entries<Call>(connection_events).map(toldMessage),
    ...Object.entries(server_events).map(([event, schema]): Message => ({
      event,
      action: 'send',
      summary: 'Tells what happened. The headers travel as the second argument.',
      payload: referring(schema),
      headers: referring(EventPlace),
    })),
    ...[...operation_events].map(operationMessage),
    ...Object.entries<ClientCall>(client_events).map(clientMessage),
  ]
}

const channel = { $ref: '#/channels/events' }
const channelMessage = (name: string) => ({ $ref: `#/channels/events/messages/${name}` })

function operationOf({ event, action, summary, answer }: Message): [string, Json] {
  const reply =
    answer === undefined ? {} : { reply: { channel, messages: [channelMessage(`${key(event)}_answer`)] } }
  return [key(event), { action, channel, summary, messages: [channelMessage(key(event))], ...reply }]
}

function messageComponents({ event, summary, payload, headers, answer }: Message): [string, Json][] {
  const sent: [string, Json] = [
    key(event),
    { name: event, summary, payload, ...(headers === undefined ? {} : { headers }) },
  ]
  if (answer === undefined) return [sent]
  return [sent, [`${key(event)}_answer`, { name: event, summary: 'The acknowledgement.', payload: answer }]]
}

/** The AsyncAPI 3.0 document of the contract's socket events. `host` is where the server listens, as `name:port`. */
export function asyncApiDocument(version: string, host: string): Json {
  const all = messages()
  const parts = Object.fromEntries(all.flatMap(messageComponents))
  const refs = Object.keys(parts).map((name) => [name, { $ref: `#/components/messages/${name}` }])
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'PAIOS',
      version,
      description: 'Events of a personal AI operating system, over Socket.IO 4 in its default namespace.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      paios: {
        host,
        pathname: '/socket.io',
        protocol: 'ws',
        description: 'The token goes into `auth.token` of the handshake.',
        security: [{ $ref: '#/components/securitySchemes/token' }],
      },
    },
    channels: { events: { address: '/', messages: Object.fromEntries(refs) } },
    operations: Object.fromEntries(all.map(operationOf)),
    components: {
      schemas: components(parts),
      messages: parts,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}
