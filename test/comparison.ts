import assert from 'node:assert/strict'
import { Type } from 'typebox'
import type { TSchema } from 'typebox'
import * as agents from '../contract/agents.ts'
import * as integrations from '../contract/integrations.ts'
import * as auth from '../contract/auth.ts'
import { Credential, PROOF_FIELD } from '../contract/credentials.ts'
import { APIError } from '../contract/errors.ts'
import { operations } from '../contract/index.ts'
import { JSONSchema, MCPError, MCPMessage, methods } from '../contract/messages.ts'
import type { Method } from '../contract/messages.ts'
import type { Operation } from '../contract/operation.ts'
import { BiometricCredential } from '../contract/shapes.ts'
import * as system from '../contract/system.ts'
import { WorkflowTrigger } from '../contract/triggers.ts'
import * as voice from '../contract/voice.ts'
import * as workflows from '../contract/workflows.ts'
import * as specification from './specification.ts'
import type { FieldFact, FieldType } from './specification.ts'

/** What is read of a schema here. */
export interface Shape {
  type?: string
  properties?: Record<string, Shape>
  required?: readonly string[]
  patternProperties?: Record<string, Shape>
  items?: Shape
  anyOf?: readonly Shape[]
  enum?: readonly unknown[]
  const?: unknown
}
export const shapeOf = (schema: TSchema) => schema as Shape
export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Every operation by its method and path. */
export const all = new Map(
  Object.values<Operation>(operations).map((one) => [`${one.http.method} ${one.http.path}`, one]),
)
export function find({ method, path }: { method: string; path: string }): Operation {
  const one = all.get(`${method} ${path}`)
  assert(one, `${method} ${path} is not in the contract`)
  return one
}

/** The body that a client may send: the input without the path, with the proof where one is needed. */
export function requestOf({ input, http, proof }: Operation): Shape {
  const { properties = {}, required = [] } = shapeOf(input)
  const inBody = Object.entries(properties).filter(([name]) => !http.path.includes(`:${name}`))
  const given = proof === 'none' ? [] : [[PROOF_FIELD, shapeOf(BiometricCredential)] as const]
  return {
    type: 'object',
    properties: Object.fromEntries([...inBody, ...given]),
    required: required.filter((name) => inBody.some(([field]) => field === name)),
  }
}

/** The whole body of a success. */
export function bodyOf({ output, http }: Operation): Shape {
  const success = shapeOf(Type.Boolean())
  const { properties = {}, required = [] } = shapeOf(output)
  if (http.envelope === 'flat') {
    return { type: 'object', properties: { success, ...properties }, required: ['success', ...required] }
  }
  const message = http.envelope === 'message' ? { message: shapeOf(Type.String()) } : {}
  const fields = { success, data: shapeOf(output), ...message }
  return { type: 'object', properties: fields, required: Object.keys(fields) }
}

/** The contract's schemas by the names of the specification. */
function schemasByName(): ReadonlyMap<string, Shape> {
  const { AuthToken, User, UserPreferences, NotificationSettings } = auth
  const { Agent, AgentConfig, AgentStatus, ResourceUsage, AgentCommand, AgentResponse } = agents
  const { VoiceCommand } = agents
  const { ExternalIntegration } = integrations
  const { Workflow, WorkflowDefinition, WorkflowStep, ErrorHandling, RetryPolicy } = workflows
  const { SystemHealth, ExternalServiceStatus, SystemArchitecture, SystemModification } = system
  const { ArchitectureNode, ArchitectureConnection, ArchitectureWorkflow } = system
  const { VoiceIntent, AgentRouting, VoiceResponse, VoiceSettings } = voice
  // oxfmt-ignore
  const entities = {
    AuthToken, User, UserPreferences, NotificationSettings, Agent, AgentConfig, AgentStatus, ResourceUsage,
    AgentCommand, AgentResponse, VoiceCommand, ExternalIntegration, Workflow, WorkflowDefinition, WorkflowTrigger,
    WorkflowStep, ErrorHandling, RetryPolicy, SystemHealth, ExternalServiceStatus, SystemArchitecture,
    SystemModification, ArchitectureNode, ArchitectureConnection, ArchitectureWorkflow, VoiceIntent, AgentRouting,
    VoiceResponse, VoiceSettings, Credential, BiometricCredential, MCPMessage, MCPError, JSONSchema, APIError,
  }
  const bodies = specification.links.flatMap((link) => [
    ...(link.request === undefined ? [] : [[link.request, requestOf(find(link))] as const]),
    ...(link.response_is === 'body' ? [[link.response ?? '', bodyOf(find(link))] as const] : []),
  ])
  const requests = specification.messageMethods.map(({ method, request }) => {
    const params = Object.entries<Method>(methods).find(([name]) => name === method)?.[1].params
    assert(params, method)
    return [request, shapeOf(Type.Object({ method: Type.Literal(method), params }))] as const
  })
  const whole = Object.entries(entities).map(([name, schema]) => [name, shapeOf(schema)] as const)
  return new Map([...whole, ...bodies, ...requests])
}
export const schemas = schemasByName()
/** The fields of the specification's types by name. */
export const facts = new Map(specification.types.map(({ name, fields }) => [name, fields]))

const isNullable = ({ anyOf }: Shape, type: string) =>
  same(
    anyOf?.map((one) => one.type),
    [type, 'null'],
  )
const isScalar = (shape: Shape, ...types: readonly string[]) =>
  types.includes(shape.type ?? '') && shape.enum === undefined && shape.const === undefined
const valuesOf = (shape: Shape) => Object.values(shape.patternProperties ?? {})
const PLAIN: Readonly<Record<Extract<FieldType, string>, (shape: Shape) => boolean>> = {
  string: (shape) => isScalar(shape, 'string'),
  number: (shape) => isScalar(shape, 'number', 'integer'),
  boolean: (shape) => isScalar(shape, 'boolean'),
  any: (shape) => same(shape, {}),
  object: (shape) => same(valuesOf(shape), [{}]),
  'string-map': (shape) =>
    valuesOf(shape).length === 1 && valuesOf(shape).every((one) => isScalar(one, 'string')),
  'string|null': (shape) => isNullable(shape, 'string'),
  'number|null': (shape) => isNullable(shape, 'number') || isNullable(shape, 'integer'),
}

/**
 * How a schema of the contract differs from a type of the specification, as lines: `- a.b` is missing; `+ a.b` is of the
 * contract alone, and `+! a.b` always there; `? a.b` may be left out although the specification asks for it, and
 * `! a.b` the other way round; `~ a.b` is of another type; `| a.b` has another shape beside the specified one.
 */
export function compare(path: string, type: FieldType, shape: Shape): readonly string[] {
  const unless = (fits: boolean) => (fits ? [] : [`~ ${path}`])
  if (typeof type === 'string') return unless(PLAIN[type](shape))
  if ('enum' in type) return unless(same(shape.enum, type.enum))
  if ('literal' in type) return unless(shape.const === type.literal)
  if ('array' in type) return shape.items ? compare(`${path}[]`, type.array, shape.items) : unless(false)
  if ('fields' in type) return compareFields(path, type.fields, shape)
  const known = schemas.get(type.ref)
  if (known !== undefined && same(shape, known)) return []
  if (known !== undefined && shape.anyOf?.some((one) => same(one, known))) return [`| ${path}`]
  const fields = facts.get(type.ref)
  return fields === undefined ? unless(false) : compareFields(path, fields, shape)
}

/** The same for the fields of an object. */
export function compareFields(path: string, fields: readonly FieldFact[], shape: Shape): readonly string[] {
  const { properties, required = [] } = shape
  if (properties === undefined) return [`~ ${path}`]
  const specified = fields.flatMap(({ name, type, optional }) => {
    const field = properties[name]
    const at = `${path}.${name}`
    if (field === undefined) return [`- ${at}`]
    const marks = optional === required.includes(name) ? [optional ? `! ${at}` : `? ${at}`] : []
    return [...marks, ...compare(at, type, field)]
  })
  const names = new Set(fields.map(({ name }) => name))
  const added = Object.keys(properties).filter((name) => !names.has(name))
  return [...specified, ...added.map((name) => `${required.includes(name) ? '+!' : '+'} ${path}.${name}`)]
}
