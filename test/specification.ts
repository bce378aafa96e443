/**
 * The facts of the API specification as tables, written from its text alone. Nothing here is taken from the
 * implementation, so that a comparison of the two can find what either of them forgot.
 */
import { agentsTypes } from './specification/agents.ts'
import { authTypes } from './specification/auth.ts'
import { credentialsTypes } from './specification/credentials.ts'
import { errorTypes } from './specification/errors.ts'
import { messageTypes } from './specification/messages.ts'
import type { TypeFact, UndefinedTypeFact } from './specification/notation.ts'
import { systemTypes } from './specification/system.ts'
import { voiceTypes } from './specification/voice.ts'
import { workflowsTypes } from './specification/workflows.ts'

export type * from './specification/notation.ts'
export { endpoints, links } from './specification/endpoints.ts'
export { errorCodes } from './specification/errors.ts'
export { clientEvents, connectionEvents, serverEvents } from './specification/events.ts'
export * from './specification/limits.ts'
export { messageMethods } from './specification/messages.ts'

/** Every interface of the specification that describes data, in its order. */
export const types: readonly TypeFact[] = [
  ...authTypes,
  ...agentsTypes,
  ...workflowsTypes,
  ...systemTypes,
  ...voiceTypes,
  ...credentialsTypes,
  ...messageTypes,
  ...errorTypes,
]

/** Names that the specification uses in its types and never defines. */
export const undefinedTypes: readonly UndefinedTypeFact[] = [
  { name: 'NotificationSettings', used_by: ['UserPreferences'] },
  { name: 'VoiceCommand', used_by: ['AgentConfig', 'RegisterAgentRequest'] },
  { name: 'ExternalIntegration', used_by: ['AgentConfig'] },
  { name: 'ArchitectureWorkflow', used_by: ['SystemArchitecture'] },
  { name: 'JSONSchema', used_by: ['RegisterAgentRequest'] },
]

/** Names that the specification uses and the language defines: `Error`, in the connection event `error`. */
export const languageTypes: readonly string[] = ['Error']
