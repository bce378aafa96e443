import { errorCodes, links, serverEvents, connectionEvents, types } from '../../specification.ts'
import type { FieldFact, FieldType } from '../../specification.ts'
import { differences, openAnswers } from '../differences.ts'

const field = (name: string, type: FieldType, optional = false): FieldFact => ({ name, type, optional })
const maybe = (name: string, type: FieldType) => field(name, type, true)

/** The names that the specification uses and never defines (decision 20). */
const UNDEFINED: Readonly<Record<string, readonly FieldFact[]>> = {
  NotificationSettings: [
    ...['in_app', 'push', 'email', 'sound'].map((name) => field(name, 'boolean')),
    maybe('quiet_hours', 'object'),
    field('min_severity', { enum: ['info', 'warning', 'critical'] }),
  ],
  VoiceCommand: [
    field('phrase', 'string'),
    field('action', 'string'),
    maybe('parameters', 'object'),
    maybe('language', 'string'),
    maybe('examples', { array: 'string' }),
  ],
  ExternalIntegration: [
    ...['id', 'name'].map((name) => field(name, 'string')),
    field('type', { enum: ['http', 'mcp', 'webhook', 'llm'] }),
    maybe('credential_id', 'string'),
    field('allowed_hosts', { array: 'string' }),
    field('enabled', 'boolean'),
    // Each type of service adds fields of its own.
    maybe('base_url', 'string'),
    maybe('actions', { array: 'object' }),
  ],
  ArchitectureWorkflow: [
    ...['id', 'name', 'trigger_type'].map((name) => field(name, 'string')),
    field('is_active', 'boolean'),
    field('steps', { array: { fields: [field('id', 'string'), field('agent_number', 'number')] } }),
    field('last_executed', 'string|null'),
    field('success_rate', 'number'),
  ],
  // Of the language: what a client reads of an error is its message.
  Error: [field('message', 'string')],
}
const FACTS = new Map([
  ...types.map(({ name, fields }) => [name, fields] as const),
  ...Object.entries(UNDEFINED),
])

/** What fields of open answers hold, where that is something that the specification describes. */
const HOLD: Readonly<Record<string, FieldType>> = {
  workflows: { array: { ref: 'Workflow' } },
  modifications: { array: { ref: 'SystemModification' } },
  credentials: { array: { ref: 'Credential' } },
  settings: { ref: 'VoiceSettings' },
  resource_usage: { ref: 'ResourceUsage' },
  result: { ref: 'AgentResponse' },
  state: { enum: ['idle', 'executing', 'error', 'disabled'] },
  health_score: 'number',
  last_error: 'string|null',
  total_count: 'number',
  active_count: 'number',
  next_cursor: 'string',
  backup_codes: { array: 'string' },
  verified: 'boolean',
  valid: 'boolean',
  accessible: 'boolean',
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
const isText = (value: unknown) => typeof value === 'string'
const PLAIN: Readonly<Record<Extract<FieldType, string>, (value: unknown) => boolean>> = {
  string: isText,
  number: isNumber,
  boolean: (value) => typeof value === 'boolean',
  any: (value) => value !== undefined,
  object: isObject,
  'string-map': (value) => isObject(value) && Object.values(value).every(isText),
  'string|null': (value) => value === null || isText(value),
  'number|null': (value) => value === null || isNumber(value),
}

/**
 * What is wrong with a value, as lines: `- a.b` is missing, `+ a.b` is of neither the specification nor the listed
 * differences, `~ a.b` is of another type. `at` are the names under which the differences may know the value.
 */
export function issuesOf(type: FieldType, value: unknown, ...at: readonly string[]): string[] {
  const unless = (fits: boolean) => (fits ? [] : [`~ ${at[0]}`])
  if (typeof type === 'string') return unless(PLAIN[type](value))
  if ('enum' in type) return unless(type.enum.some((one) => one === value))
  if ('literal' in type) return unless(value === type.literal)
  if ('fields' in type) return issuesOfFields(type.fields, value, at)
  if ('array' in type) {
    if (!Array.isArray(value)) return unless(false)
    return value.flatMap((one: unknown) => issuesOf(type.array, one, ...at.map((path) => `${path}[]`)))
  }
  if (type.ref === 'JSONSchema') return unless(isObject(value) || typeof value === 'boolean')
  const fields = FACTS.get(type.ref)
  if (fields === undefined) throw new Error(`Nothing is known of ${type.ref}.`)
  return issuesOfFields(fields, value, [...at, type.ref])
}

function issuesOfFields(fields: readonly FieldFact[], value: unknown, at: readonly string[]): string[] {
  const [path = ''] = at
  if (!isObject(value)) return [`~ ${path}`]
  const listed = (mark: string, name: string) => at.some((one) => `${mark} ${one}.${name}` in differences)
  const known = fields.flatMap(({ name, type, optional }) => {
    if (!(name in value)) return optional ? [] : [`- ${path}.${name}`]
    return issuesOf(type, value[name], ...at.map((one) => `${one}.${name}`))
  })
  const names = new Set(fields.map(({ name }) => name))
  const added = Object.keys(value).filter((name) => !names.has(name))
  const beyond = added.filter((name) => !listed('+', name) && !listed('+!', name))
  const always = Object.keys(differences).flatMap((line) => {
    const owner = at.find((one) => line.startsWith(`+! ${one}.`))
    const name = line.slice(`+! ${owner}.`.length)
    return owner === undefined || name.includes('.') || name in value ? [] : [`- ${path}.${name}`]
  })
  return [...known, ...beyond.map((name) => `+ ${path}.${name}`), ...always]
}

const enveloped = (data: FieldType): FieldType => ({
  fields: [field('success', 'boolean'), field('data', data)],
})

/** What is wrong with the whole body of a success. `endpoint` is `GET /agents/:id`. */
export function issuesOfAnswer(endpoint: string, body: unknown): string[] {
  const link = links.find(({ method, path }) => `${method} ${path}` === endpoint)
  if (isObject(body) && body['success'] !== true) return [`~ ${endpoint}.success`]
  if (link?.response !== undefined && link.response_is === 'body')
    return issuesOf({ ref: link.response }, body, endpoint)
  if (link?.response !== undefined) {
    const outer = issuesOf(enveloped('any'), body, `body of ${endpoint}`)
    return outer.length > 0 ? outer : issuesOf({ ref: link.response }, dataOf(body), endpoint)
  }
  const shapes = (openAnswers[endpoint] ?? '').split(' | ')
  const found = shapes.map((names) =>
    issuesOf(enveloped({ fields: names.split(' ').flatMap(openField) }), body, `body of ${endpoint}`),
  )
  return found.find((issues) => issues.length === 0) ?? found[0] ?? []
}

function openField(name: string): FieldFact[] {
  const bare = name.replace(/\?$/, '')
  return bare === '' ? [] : [field(bare, HOLD[bare] ?? 'any', bare !== name)]
}

const dataOf = (body: unknown) => (isObject(body) ? body['data'] : undefined)
const CODES = new Set(errorCodes.map(({ code }) => code))

/** What is wrong with a refusal. */
export function issuesOfRefusal(endpoint: string, body: unknown): string[] {
  const issues = issuesOf({ ref: 'APIError' }, body, `refusal of ${endpoint}`)
  const code = issues.length > 0 || !isObject(body) || !isObject(body['error']) ? '' : body['error']['code']
  return issues.length > 0 || CODES.has(String(code)) ? issues : [`~ ${endpoint}.error.code`]
}

/** A listener of the specification takes the payload alone; the second argument is its place among the user's events. */
const PLACE: FieldType = { fields: [field('seq', 'number'), field('created_at', 'string')] }

/** What is wrong with an event that the server sent; nothing where the specification has no such event. */
export function issuesOfEvent(name: string, args: readonly unknown[]): string[] {
  const told = serverEvents.find((one) => one.name === name)
  if (told !== undefined) {
    const [payload, place, ...more] = args
    return [
      ...issuesOf({ fields: told.fields }, payload, name),
      ...(place === undefined ? [] : issuesOf(PLACE, place, `${name} place`)),
      ...(more.length > 0 ? [`+ ${name} arguments`] : []),
    ]
  }
  const connection = connectionEvents.find((one) => one.name === name)
  if (connection === undefined) return []
  const found = connection.args.flatMap((fact, index) =>
    issuesOf(fact.type, args[index], `${name}.${fact.name}`),
  )
  return args.length > connection.args.length ? [...found, `+ ${name} arguments`] : found
}
