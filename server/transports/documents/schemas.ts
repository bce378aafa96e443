import type { TSchema } from 'typebox'
import * as agents from '../../../contract/agents.ts'
import * as approvals from '../../../contract/approvals.ts'
import * as auth from '../../../contract/auth.ts'
import * as credentials from '../../../contract/credentials.ts'
import { APIError } from '../../../contract/errors.ts'
import { EventPlace, SocketError } from '../../../contract/events.ts'
import { ExternalIntegration, HttpAction } from '../../../contract/integrations.ts'
import { MCPError, MCPMessage } from '../../../contract/messages.ts'
import { Notification } from '../../../contract/notifications.ts'
import type { Operation } from '../../../contract/operation.ts'
import { AgentNumber, AgentRef, BiometricCredential, Id, Language, Time } from '../../../contract/shapes.ts'
import * as system from '../../../contract/system.ts'
import { WorkflowTrigger } from '../../../contract/triggers.ts'
import { Account } from '../../../contract/users.ts'
import * as voice from '../../../contract/voice.ts'
import * as workflows from '../../../contract/workflows.ts'

/** A JSON object of a document. */
export type Json = Record<string, unknown>

const { NotificationSettings, UserPreferences, User, AuthToken, SignedIn, Session, Challenge } = auth
const { VoiceCommand, AgentConfig, ResourceUsage, AgentStatus, Agent } = agents
const { AgentCommand, AgentResponse, Execution, Memory, LogEntry } = agents
const { WorkflowStep, ErrorHandling, RetryPolicy, WorkflowDefinition, Workflow } = workflows
const { StepRecord, WorkflowExecution, WorkflowReceipt, DefinitionProblem } = workflows
const { ExternalServiceStatus, SystemHealth, SystemArchitecture, SystemModification, Impact } = system
const { ArchitectureNode, ArchitectureConnection, ArchitectureWorkflow, ModificationTarget } = system
const { Performance, SystemLogEntry, SystemConfig } = system
const { VoiceIntent, AgentRouting, VoiceResponse, VoiceContext, VoiceProcessed, VoiceSettings } = voice
const { Credential, CredentialMetadata, CredentialData, RevealedCredential } = credentials
const { PendingApproval, Approval } = approvals

/** Schemas that documents show by a name instead of in full, in the order of the specification. */
// oxfmt-ignore
export const named: Readonly<Record<string, TSchema>> = {
  Id, AgentRef, AgentNumber, Time, Language, APIError,
  AuthToken, User, UserPreferences, NotificationSettings, SignedIn, Session, Challenge,
  Agent, AgentConfig, AgentStatus, ResourceUsage, AgentCommand, AgentResponse, Execution,
  VoiceCommand, ExternalIntegration, HttpAction, Memory, LogEntry,
  Workflow, WorkflowDefinition, WorkflowTrigger, WorkflowStep, ErrorHandling, RetryPolicy,
  StepRecord, WorkflowExecution, WorkflowReceipt, DefinitionProblem,
  SystemHealth, ExternalServiceStatus, SystemArchitecture, ArchitectureNode, ArchitectureConnection,
  ArchitectureWorkflow, SystemModification, ModificationTarget, Impact, Performance, SystemLogEntry, SystemConfig,
  VoiceIntent, AgentRouting, VoiceResponse, VoiceContext, VoiceProcessed, VoiceSettings,
  VoiceCommandRecord: voice.VoiceCommandRecord,
  Credential, CredentialMetadata, CredentialData, RevealedCredential, BiometricCredential,
  MCPMessage, MCPError, Account, PendingApproval, Approval, Notification, SocketError, EventPlace,
}

// An optional field is a copy of its schema, so that names are found by content and not by identity.
const names = new Map(Object.entries(named).map(([name, schema]) => [JSON.stringify(schema), name]))

/** The name of a schema, when it has one. */
export function nameOf(schema: unknown): string | undefined {
  return names.get(JSON.stringify(schema))
}

/** The one schema of all values of a free map, as the schema library writes it. */
function valuesOf(schema: Json): unknown {
  const patterns = schema['patternProperties'] as Json | undefined
  return patterns === undefined ? undefined : Object.values(patterns)[0]
}

/** A schema in full at its first level: named schemas inside become references. */
function inFull(schema: Json): Json {
  const values = valuesOf(schema)
  if (values !== undefined) return { type: 'object', additionalProperties: referring(values) }
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, referring(value)]))
  return Array.isArray(schema['enum']) ? { type: 'string', ...copy } : copy
}

/** A schema, or a part of one, as plain JSON that refers to named schemas in `#/components/schemas`. */
export function referring(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(referring)
  if (typeof schema !== 'object' || schema === null) return schema
  const name = nameOf(schema)
  return name === undefined ? inFull(schema as Json) : { $ref: `#/components/schemas/${name}` }
}

const REFERENCE = /"#\/components\/schemas\/(\w+)"/g

/** The named schemas that a part of a document refers to, and those that these refer to, in full. */
export function components(part: unknown): Json {
  const found = new Map<string, Json>()
  const waiting = [part]
  // Ends, because each name is put in the queue once.
  for (const next of waiting) {
    for (const [, name = ''] of JSON.stringify(next).matchAll(REFERENCE)) {
      const schema = named[name]
      if (schema === undefined || found.has(name)) continue
      found.set(name, inFull(schema as Json))
      waiting.push(found.get(name))
    }
  }
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const success = { type: 'boolean', const: true }

/** The whole body of a success: the answer of an operation in its envelope. */
export function successBody(of: Pick<Operation, 'output' | 'http'>): Json {
  const data = referring(of.output) as Json
  if (of.http.envelope === 'document') return data
  if (of.http.envelope === 'flat') {
    const { properties = {}, required = [] } = inFull(of.output as Json)
    return closed({ success, ...(properties as Json) }, ['success', ...(required as string[])])
  }
  if (of.http.envelope === 'data') return closed({ success, data }, ['success', 'data'])
  return closed({ success, data, message: { type: 'string' } }, ['success', 'data', 'message'])
}

/** A closed object with these properties; `required` is left out when nothing is. */
export function closed(properties: Json, required: readonly string[], additionalProperties = false): Json {
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties,
    additionalProperties,
  }
}
